<?xml version="1.0" encoding="UTF-8"?>
<!-- The fixed rendering of consents to a meeting, version 1 (R-104). Its SHA-256 stands in every record made with it, so
     this file never changes: a new look is record-meeting-2.xslt. XSLT 1.0, nothing fetched, no script. -->
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
          <xsl:apply-templates select="c:MeetingConsentGiven|c:MeetingConsentRefused|c:MeetingConsentWithdrawn"/>
          <h2>Om denne post</h2>
          <dl>
            <dt>Registreret</dt><dd><xsl:value-of select="c:Header/c:CreatedAt"/> (UTC)</dd>
            <dt>Dataansvarlig</dt><dd><xsl:value-of select="c:Header/c:Controller/c:Name"/></dd>
            <dt>Postens nummer</dt><dd><xsl:value-of select="c:Header/c:RecordId"/></dd>
            <dt>Nummer i rækken</dt><dd><xsl:value-of select="c:Header/c:Sequence"/></dd>
          </dl>
          <p>Posten bærer platformens segl. Seglet viser, hvad en person, der var logget ind, trykkede på. Det er ikke
            personens egen underskrift.</p>
        </main>
      </body>
    </html>
  </xsl:template>

  <xsl:template name="heading">
    <xsl:choose>
      <xsl:when test="/c:ConsentRecord/c:MeetingConsentGiven">Samtykke til et møde</xsl:when>
      <xsl:when test="/c:ConsentRecord/c:MeetingConsentRefused">Nej til et møde</xsl:when>
      <xsl:otherwise>Tilbagekaldelse af samtykke til et møde</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="c:MeetingConsentGiven|c:MeetingConsentRefused|c:MeetingConsentWithdrawn">
    <dl>
      <dt>Barn</dt><dd><xsl:value-of select="c:Child/c:Name"/></dd>
      <dt>Forældremyndighedsindehaver</dt><dd><xsl:value-of select="c:Holder/c:Name"/></dd>
      <dt>Fra</dt><dd><xsl:value-of select="c:From/c:Name"/></dd>
      <dt>Formål</dt><dd><xsl:value-of select="c:Purpose"/></dd>
      <xsl:if test="c:Basis"><dt>Hjemmel</dt><dd><xsl:value-of select="c:Basis"/></dd></xsl:if>
      <dt>Møde</dt><dd><xsl:value-of select="c:Meeting/c:Title"/></dd>
      <xsl:if test="c:ValidTo"><dt>Gælder til og med</dt><dd><xsl:value-of select="c:ValidTo"/></dd></xsl:if>
    </dl>
    <h2>Hvad det handler om</h2>
    <xsl:if test="c:Everything"><p>Hele samtykket er trukket tilbage.</p></xsl:if>
    <xsl:if test="c:Purpose/@answer">
      <p>Mødet må holdes om barnet med det formål:
        <strong><xsl:call-template name="yesno"><xsl:with-param name="value" select="c:Purpose/@answer"/></xsl:call-template></strong>
      </p>
    </xsl:if>
    <xsl:if test="c:Participants/c:Participant">
      <table>
        <thead><tr><th scope="col">Deltager</th><th scope="col">Rolle</th><th scope="col">Sted</th><th scope="col">Svar</th></tr></thead>
        <tbody><xsl:apply-templates select="c:Participants/c:Participant"/></tbody>
      </table>
    </xsl:if>
    <h2>Teksten, der blev vist</h2>
    <pre lang="{c:ShownText/@language}"><xsl:value-of select="c:ShownText"/></pre>
    <h2>Hvem trykkede</h2>
    <xsl:if test="c:Login">
      <p>Logget ind gennem <xsl:value-of select="c:Login/@provider"/>, <xsl:value-of select="c:Login/@authTime"/> (UTC).</p>
    </xsl:if>
    <xsl:if test="c:Recorded">
      <p>Registreret af en medarbejder efter
        <xsl:choose>
          <xsl:when test="c:Recorded/@method='phone'">en telefonsamtale</xsl:when>
          <xsl:otherwise>et personligt fremmøde</xsl:otherwise>
        </xsl:choose>.</p>
    </xsl:if>
  </xsl:template>

  <xsl:template match="c:Participant">
    <tr>
      <td><xsl:value-of select="c:Name"/></td>
      <td><xsl:value-of select="c:Role"/></td>
      <td><xsl:value-of select="c:Organisation"/></td>
      <td>
        <xsl:choose>
          <xsl:when test="@answer">
            <xsl:call-template name="yesno"><xsl:with-param name="value" select="@answer"/></xsl:call-template>
          </xsl:when>
          <xsl:otherwise>Trukket tilbage</xsl:otherwise>
        </xsl:choose>
      </td>
    </tr>
  </xsl:template>

  <xsl:template name="yesno">
    <xsl:param name="value"/>
    <xsl:choose><xsl:when test="$value='yes'">Ja</xsl:when><xsl:otherwise>Nej</xsl:otherwise></xsl:choose>
  </xsl:template>
</xsl:stylesheet>
