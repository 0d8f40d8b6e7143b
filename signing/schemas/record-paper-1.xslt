<?xml version="1.0" encoding="UTF-8"?>
<!-- The fixed rendering of answers that were given on paper, version 1 (R-104, R-106). Its SHA-256 stands in every record
     made with it, so this file never changes: a new look is record-paper-2.xslt. XSLT 1.0, nothing fetched, no script. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:c="urn:tillid:xml:consent:1"
                exclude-result-prefixes="c">
  <xsl:output method="html" encoding="UTF-8" indent="yes"/>

  <xsl:template match="/c:ConsentRecord">
    <html lang="da">
      <head>
        <title><xsl:call-template name="heading"/></title>
      </head>
      <body>
        <main>
          <h1><xsl:call-template name="heading"/></h1>
          <xsl:apply-templates select="c:ConsentGiven|c:ConsentRefused"/>
          <h2>Om denne post</h2>
          <dl>
            <dt>Registreret</dt><dd><xsl:value-of select="c:Header/c:CreatedAt"/> (UTC)</dd>
            <dt>Dataansvarlig</dt><dd><xsl:value-of select="c:Header/c:Controller/c:Name"/></dd>
            <dt>Postens nummer</dt><dd><xsl:value-of select="c:Header/c:RecordId"/></dd>
            <dt>Nummer i rækken</dt><dd><xsl:value-of select="c:Header/c:Sequence"/></dd>
          </dl>
          <p>Posten bærer platformens segl. Seglet viser, hvad to medarbejdere har registreret efter papiret. Det er ikke
            forælderens egen underskrift; den står på papiret.</p>
        </main>
      </body>
    </html>
  </xsl:template>

  <xsl:template name="heading">
    <xsl:choose>
      <xsl:when test="/c:ConsentRecord/c:ConsentGiven">Samtykke</xsl:when>
      <xsl:otherwise>Nej til samtykke</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="c:ConsentGiven|c:ConsentRefused">
    <dl>
      <dt>Barn</dt><dd><xsl:value-of select="c:Child/c:Name"/></dd>
      <dt>Forældremyndighedsindehaver</dt><dd><xsl:value-of select="c:Holder/c:Name"/></dd>
      <dt>Fra</dt><dd><xsl:value-of select="c:From/c:Name"/></dd>
      <dt>Til</dt><dd><xsl:value-of select="c:To/c:Name"/></dd>
      <dt>Formål</dt><dd><xsl:value-of select="c:Purpose"/></dd>
      <xsl:if test="c:Basis"><dt>Hjemmel</dt><dd><xsl:value-of select="c:Basis"/></dd></xsl:if>
      <dt>Dokument</dt>
      <dd><xsl:value-of select="c:Document/c:Title"/>, version <xsl:value-of select="c:Document/@version"/></dd>
      <xsl:if test="c:ValidTo"><dt>Gælder til og med</dt><dd><xsl:value-of select="c:ValidTo"/></dd></xsl:if>
    </dl>
    <h2>Hvad det handler om</h2>
    <xsl:if test="c:Items">
      <table>
        <thead><tr><th scope="col">Del</th><th scope="col">Følsom</th><th scope="col">Svar</th></tr></thead>
        <tbody><xsl:apply-templates select="c:Items/c:Item"/></tbody>
      </table>
    </xsl:if>
    <xsl:if test="c:OralPermission">
      <p>Må også fortælles mundtligt:
        <strong><xsl:call-template name="yesno"><xsl:with-param name="value" select="c:OralPermission/@answer"/></xsl:call-template></strong>
      </p>
    </xsl:if>
    <h2>Teksten på papiret</h2>
    <pre lang="{c:ShownText/@language}"><xsl:value-of select="c:ShownText"/></pre>
    <h2>Sådan blev det givet</h2>
    <dl>
      <dt>Måde</dt><dd>På papir</dd>
      <dt>Dato på papiret</dt><dd><xsl:value-of select="c:Paper/@signedOn"/></dd>
      <dt>Det scannede papirs kontroltal (SHA-256)</dt><dd><xsl:value-of select="c:Paper/@scanSha256"/></dd>
      <dt>Indtastet af medarbejder</dt><dd><xsl:value-of select="c:Paper/@enteredBy"/></dd>
      <dt>Sammenlignet med papiret af medarbejder</dt><dd><xsl:value-of select="c:Paper/@confirmedBy"/></dd>
    </dl>
  </xsl:template>

  <xsl:template match="c:Item">
    <tr>
      <td><xsl:value-of select="c:Title"/></td>
      <td><xsl:call-template name="yesno"><xsl:with-param name="value" select="@sensitive"/></xsl:call-template></td>
      <td>
        <xsl:call-template name="yesno"><xsl:with-param name="value" select="@answer"/></xsl:call-template>
      </td>
    </tr>
  </xsl:template>

  <xsl:template name="yesno">
    <xsl:param name="value"/>
    <xsl:choose><xsl:when test="$value='yes'">Ja</xsl:when><xsl:otherwise>Nej</xsl:otherwise></xsl:choose>
  </xsl:template>
</xsl:stylesheet>
