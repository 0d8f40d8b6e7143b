<?xml version="1.0" encoding="UTF-8"?>
<!-- The fixed rendering of acknowledged receptions, version 1 (R-104). Its SHA-256 stands in every record made with it, so this file
     never changes: a new look is record-received-2.xslt. XSLT 1.0, nothing fetched, no script. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:c="urn:tillid:xml:consent:1"
                exclude-result-prefixes="c">
  <xsl:output method="html" encoding="UTF-8" indent="yes"/>

  <xsl:template match="/c:ReceptionRecord">
    <html lang="da">
      <head>
        <title>Kvittering for modtagelse</title>
      </head>
      <body>
        <main>
          <h1>Kvittering for modtagelse</h1>
          <xsl:apply-templates select="c:ReceptionAcknowledged"/>
          <h2>Om denne post</h2>
          <dl>
            <dt>Registreret</dt><dd><xsl:value-of select="c:Header/c:CreatedAt"/> (UTC)</dd>
            <dt>Dataansvarlig</dt><dd><xsl:value-of select="c:Header/c:Controller/c:Name"/></dd>
            <dt>Postens nummer</dt><dd><xsl:value-of select="c:Header/c:RecordId"/></dd>
            <dt>Nummer i rækken</dt><dd><xsl:value-of select="c:Header/c:Sequence"/></dd>
          </dl>
          <p>Posten bærer platformens segl. Seglet viser, hvad en medarbejder, der var logget ind, kvitterede for. Det er ikke
            et samtykke og ikke medarbejderens egen underskrift.</p>
        </main>
      </body>
    </html>
  </xsl:template>

  <xsl:template match="c:ReceptionAcknowledged">
    <dl>
      <dt>Barn</dt><dd><xsl:value-of select="c:Child/c:Name"/></dd>
      <dt>Fra</dt><dd><xsl:value-of select="c:From/c:Name"/></dd>
      <dt>Til</dt><dd><xsl:value-of select="c:To/c:Name"/></dd>
      <dt>Formål</dt><dd><xsl:value-of select="c:Purpose"/></dd>
      <dt>Hjemmel</dt><dd><xsl:value-of select="c:Basis"/></dd>
      <dt>Dokument</dt>
      <dd><xsl:value-of select="c:Document/c:Title"/>, version <xsl:value-of select="c:Document/@version"/></dd>
      <dt>Gælder til og med</dt><dd><xsl:value-of select="c:ValidTo"/></dd>
      <dt><xsl:choose><xsl:when test="c:RestsOn/@kind='consent'">Samtykkets nummer</xsl:when><xsl:otherwise>Beslutningens nummer</xsl:otherwise></xsl:choose></dt>
      <dd><xsl:value-of select="c:RestsOn/@share"/></dd>
      <xsl:for-each select="c:RestsOn/c:Event"><dt>Hændelse</dt><dd><xsl:value-of select="@uuid"/></dd></xsl:for-each>
    </dl>
    <h2>Hvad det handler om</h2>
    <table>
      <thead><tr><th scope="col">Del</th><th scope="col">Følsom</th><th scope="col">Modtaget</th></tr></thead>
      <tbody><xsl:apply-templates select="c:Items/c:Item"/></tbody>
    </table>
    <h2>Det, der er bekræftet</h2>
    <pre lang="{c:ShownText/@language}"><xsl:value-of select="c:ShownText"/></pre>
    <h2>Bekræftet af</h2>
    <dl>
      <dt>Navn</dt><dd><xsl:value-of select="c:Receiver/c:Name"/></dd>
      <dt>Som</dt>
      <dd><xsl:choose><xsl:when test="c:Receiver/@capacity='leader'">Leder</xsl:when><xsl:otherwise>Medarbejder</xsl:otherwise></xsl:choose></dd>
      <dt>Medarbejderens nummer</dt><dd><xsl:value-of select="c:Receiver/@uuid"/></dd>
    </dl>
  </xsl:template>

  <xsl:template match="c:Item">
    <tr>
      <td><xsl:value-of select="c:Title"/></td>
      <td><xsl:choose><xsl:when test="@sensitive='yes'">Ja</xsl:when><xsl:otherwise>Nej</xsl:otherwise></xsl:choose></td>
      <td>Ja</td>
    </tr>
  </xsl:template>
</xsl:stylesheet>
