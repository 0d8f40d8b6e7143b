<?xml version="1.0" encoding="UTF-8"?>
<!-- The fixed rendering of attestations, version 1 (R-104). Its SHA-256 stands in every record made with it, so this file
     never changes: a new look is record-attested-2.xslt. XSLT 1.0, nothing fetched, no script. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:c="urn:tillid:xml:consent:1"
                exclude-result-prefixes="c">
  <xsl:output method="html" encoding="UTF-8" indent="yes"/>

  <xsl:template match="/c:AttestationRecord">
    <html lang="da">
      <head>
        <title>Attestation</title>
      </head>
      <body>
        <main>
          <h1>Attestation</h1>
          <xsl:apply-templates select="c:DocumentAttested"/>
          <h2>Om denne post</h2>
          <dl>
            <dt>Registreret</dt><dd><xsl:value-of select="c:Header/c:CreatedAt"/> (UTC)</dd>
            <dt>Dataansvarlig</dt><dd><xsl:value-of select="c:Header/c:Controller/c:Name"/></dd>
            <dt>Postens nummer</dt><dd><xsl:value-of select="c:Header/c:RecordId"/></dd>
            <dt>Nummer i rækken</dt><dd><xsl:value-of select="c:Header/c:Sequence"/></dd>
          </dl>
          <p>Posten bærer platformens segl. Seglet viser, hvad en medarbejder, der var logget ind, bekræftede. Det er ikke
            medarbejderens egen underskrift.</p>
        </main>
      </body>
    </html>
  </xsl:template>

  <xsl:template match="c:DocumentAttested">
    <dl>
      <xsl:if test="c:Child"><dt>Barn</dt><dd><xsl:value-of select="c:Child/c:Name"/></dd></xsl:if>
      <dt>Fra</dt><dd><xsl:value-of select="c:From/c:Name"/></dd>
      <dt>Dokument</dt>
      <dd><xsl:value-of select="c:Document/c:Title"/>, version <xsl:value-of select="c:Document/@version"/></dd>
    </dl>
    <h2>Hvad det handler om</h2>
    <p>Teksten er låst med disse svar (SHA-256): <xsl:value-of select="c:Document/c:Answers/@sha256"/></p>
    <h2>Det, der er bekræftet</h2>
    <pre lang="{c:ShownText/@language}"><xsl:value-of select="c:ShownText"/></pre>
    <h2>Bekræftet af</h2>
    <dl>
      <dt>Navn</dt><dd><xsl:value-of select="c:Attester/c:Name"/></dd>
      <dt>Som</dt>
      <dd><xsl:choose><xsl:when test="c:Attester/@capacity='leader'">Leder</xsl:when><xsl:otherwise>Underretter</xsl:otherwise></xsl:choose></dd>
      <dt>Medarbejderens nummer</dt><dd><xsl:value-of select="c:Attester/@uuid"/></dd>
    </dl>
  </xsl:template>
</xsl:stylesheet>
