<?xml version="1.0" encoding="UTF-8"?>
<!-- The fixed rendering, version 3 (R-104): of a yes that renews an earlier consent, which it names. It shows every kind of consent. Its
     SHA-256 stands in every record made with it, so this file never changes: a new look is record-4.xslt. XSLT 1.0, nothing fetched, no
     script. -->
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
          <xsl:apply-templates select="c:ConsentGiven|c:ConsentRefused|c:ConsentWithdrawn"/>
          <xsl:apply-templates select="c:MeetingConsentGiven|c:MeetingConsentRefused|c:MeetingConsentWithdrawn"/>
          <h2>Om denne post</h2>
          <dl>
            <dt>Registreret</dt><dd><xsl:value-of select="c:Header/c:CreatedAt"/> (UTC)</dd>
            <dt>Dataansvarlig</dt><dd><xsl:value-of select="c:Header/c:Controller/c:Name"/></dd>
            <dt>Postens nummer</dt><dd><xsl:value-of select="c:Header/c:RecordId"/></dd>
            <dt>Nummer i rækken</dt><dd><xsl:value-of select="c:Header/c:Sequence"/></dd>
          </dl>
          <xsl:choose>
            <xsl:when test="*/c:Paper">
          <p>Posten bærer platformens segl. Seglet viser, hvad to medarbejdere har registreret efter papiret. Det er ikke
            personens egen underskrift; den står på papiret.</p>
            </xsl:when>
            <xsl:otherwise>
          <p>Posten bærer platformens segl. Seglet viser, hvad en person, der var logget ind, trykkede på. Det er ikke
            personens egen underskrift.</p>
            </xsl:otherwise>
          </xsl:choose>
        </main>
      </body>
    </html>
  </xsl:template>

  <xsl:template name="heading">
    <xsl:choose>
      <xsl:when test="/c:ConsentRecord/c:ConsentGiven">Samtykke</xsl:when>
      <xsl:when test="/c:ConsentRecord/c:ConsentRefused">Nej til samtykke</xsl:when>
      <xsl:when test="/c:ConsentRecord/c:ConsentWithdrawn">Tilbagekaldelse af samtykke</xsl:when>
      <xsl:when test="/c:ConsentRecord/c:MeetingConsentGiven">Samtykke til et møde</xsl:when>
      <xsl:when test="/c:ConsentRecord/c:MeetingConsentRefused">Nej til et møde</xsl:when>
      <xsl:otherwise>Tilbagekaldelse af samtykke til et møde</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="c:ConsentGiven|c:ConsentRefused|c:ConsentWithdrawn|c:MeetingConsentGiven|c:MeetingConsentRefused|c:MeetingConsentWithdrawn">
    <dl>
      <dt>Barn</dt><dd><xsl:value-of select="c:Child/c:Name"/></dd>
      <dt><xsl:call-template name="giver"/></dt><dd><xsl:value-of select="c:Holder/c:Name"/></dd>
      <dt>Fra</dt><dd><xsl:value-of select="c:From/c:Name"/></dd>
      <xsl:if test="c:To"><dt>Til</dt><dd><xsl:value-of select="c:To/c:Name"/></dd></xsl:if>
      <dt>Formål</dt><dd><xsl:value-of select="c:Purpose"/></dd>
      <xsl:if test="c:Basis"><dt>Hjemmel</dt><dd><xsl:value-of select="c:Basis"/></dd></xsl:if>
      <xsl:if test="c:Meeting"><dt>Møde</dt><dd><xsl:value-of select="c:Meeting/c:Title"/></dd></xsl:if>
      <xsl:if test="c:Document"><dt>Dokument</dt>
      <dd><xsl:value-of select="c:Document/c:Title"/>, version <xsl:value-of select="c:Document/@version"/></dd></xsl:if>
      <xsl:if test="c:ValidTo"><dt>Gælder til og med</dt><dd><xsl:value-of select="c:ValidTo"/></dd></xsl:if>
      <xsl:if test="c:Renews"><dt>Fornyer samtykket med nummer</dt><dd><xsl:value-of select="c:Renews/@request"/></dd></xsl:if>
      <xsl:if test="c:Renews/c:OwnAnswer"><dt>Nummer på det tidligere svar</dt><dd><xsl:value-of select="c:Renews/c:OwnAnswer/@event"/></dd></xsl:if>
    </dl>
    <h2>Hvad det handler om</h2>
    <xsl:if test="c:Everything"><p>Hele samtykket er trukket tilbage.</p></xsl:if>
    <xsl:if test="c:Purpose/@answer">
      <p>Mødet må holdes om barnet med det formål:
        <strong><xsl:call-template name="yesno"><xsl:with-param name="value" select="c:Purpose/@answer"/></xsl:call-template></strong>
      </p>
    </xsl:if>
    <xsl:if test="c:Items">
      <table>
        <thead><tr><th scope="col">Del</th><th scope="col">Følsom</th><th scope="col">Svar</th></tr></thead>
        <tbody><xsl:apply-templates select="c:Items/c:Item"/></tbody>
      </table>
    </xsl:if>
    <xsl:if test="c:Participants/c:Participant">
      <table>
        <thead><tr><th scope="col">Deltager</th><th scope="col">Rolle</th><th scope="col">Sted</th><th scope="col">Svar</th></tr></thead>
        <tbody><xsl:apply-templates select="c:Participants/c:Participant"/></tbody>
      </table>
    </xsl:if>
    <xsl:if test="c:OralPermission">
      <p>Må også fortælles mundtligt:
        <strong><xsl:call-template name="yesno"><xsl:with-param name="value" select="c:OralPermission/@answer"/></xsl:call-template></strong>
      </p>
    </xsl:if>
    <xsl:choose>
      <xsl:when test="c:Paper"><xsl:call-template name="on-paper"/></xsl:when>
      <xsl:otherwise><xsl:call-template name="pressed"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="giver">
    <xsl:choose>
      <xsl:when test="c:Holder/@role='self'">Den unge selv</xsl:when>
      <xsl:otherwise>Forældremyndighedsindehaver</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="pressed">
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

  <xsl:template name="on-paper">
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
      <td><xsl:call-template name="answer"/></td>
    </tr>
  </xsl:template>

  <xsl:template match="c:Participant">
    <tr>
      <td><xsl:value-of select="c:Name"/></td>
      <td><xsl:value-of select="c:Role"/></td>
      <td><xsl:value-of select="c:Organisation"/></td>
      <td><xsl:call-template name="answer"/></td>
    </tr>
  </xsl:template>

  <xsl:template name="answer">
    <xsl:choose>
      <xsl:when test="@answer">
        <xsl:call-template name="yesno"><xsl:with-param name="value" select="@answer"/></xsl:call-template>
      </xsl:when>
      <xsl:otherwise>Trukket tilbage</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="yesno">
    <xsl:param name="value"/>
    <xsl:choose><xsl:when test="$value='yes'">Ja</xsl:when><xsl:otherwise>Nej</xsl:otherwise></xsl:choose>
  </xsl:template>
</xsl:stylesheet>
