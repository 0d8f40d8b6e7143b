"""The curated Danish words behind the analysis: stop words, irregular forms, parts of compounds.

Raise ``danish.ANALYSIS`` with every change here.
"""

from __future__ import annotations

# Too common to search for; a question of these alone asks the exact terms instead. "ikke" stays searchable on purpose.
_STOP = """
    ad af alle alt at blev bliver da de dem den denne der deres det dette dig din dog du efter eller en end er et
    for fra ham han hans har havde have hende hendes her hos hun hvad hvis hvor i ind jeg jer jo kunne man mange med
    meget men mig min mine mit mod ned noget nogle nu når og også om op os over på sig sin sine sit skal skulle som
    sådan til ud under var vi vil ville vor være været
"""
STOP = frozenset(_STOP.split())

# Base form: other forms. Genitive -s is taken off before looking.
_FORMS = """
barn: børn børnene
forælder: forældre forældrene forældren
far: fader fædre fædrene
mor: moder mødre mødrene
bror: broder brødre brødrene
søster: søstre søstrene
datter: døtre døtrene
mand: mænd mændene
hånd: hænder hænderne
tand: tænder tænderne
fod: fødder fødderne
tå: tæer tæerne
øje: øjne øjnene
øre: ører ørerne
bog: bøger bøgerne
nat: nætter nætterne
ko: køer køerne
gås: gæs
lærer: lærere lærerne læreren
pædagog: pædagoger pædagogerne
ven: venner vennerne vennen
gå: går gik gået
få: får fik fået
stå: står stod stået
forstå: forstår forstod forstået
se: ser så set
sige: siger sagde sagt
spørge: spørger spurgte spurgt
sove: sover sov sovet
spise: spiser spiste spist
drikke: drikker drak drukket
græde: græder græd grædt
skrive: skriver skrev skrevet
løbe: løber løb løbet
bide: bider bed bidt
slå: slår slog slået
falde: falder faldt faldet
komme: kommer kom kommet
tage: tager tog taget
give: giver gav givet
finde: finder fandt fundet
holde: holder holdt
hjælpe: hjælper hjalp hjulpet
synge: synger sang sunget
vide: ved vidste vidst
vælge: vælger valgte valgt
række: rækker rakte rakt
trives: trives trivedes triv trivsel
"""

IRREGULAR: dict[str, str] = {
    form: base.strip()
    for base, _, forms in (line.partition(":") for line in _FORMS.split("\n"))
    for form in forms.split()
}

# Whole words that compounds of this field are made of. Only words whose meaning survives in the compound.
_PARTS = """
    adfærd afdeling aften aktivitet alder angst ansvar arbejde astma barn barne beskrivelse bevægelse behandling
    behov bog bolig bruger børne børn børnehave cykel dag dagpleje daginstitution dagtilbud dialog døgn
    døgnrytme far familie ferie forløb forældre forælder fravær fritid fysio fælles følelse gruppe handle
    handleplan helbred helhed hjem hjælp hukommelse hverdag hørelse indsats institution kontakt kost kultur
    kommune koncentration krop leder lege leg legeplads liv lyd læge læring læse mad matematik medicin middag
    mobning modersmål mor morgen motorik motor mund musik møde mål nat natur nærvær opgave opfølgning
    opmærksomhed overgang overlevering personale plan pleje position proces psykolog pædagog regel relation
    samarbejde samtale samtykke sange sans seng sikkerhed situation skema skole skov skift skrift social sorg
    sove spise sprog sproglig stimulering støtte status stue sundhed sundhedspleje sundhedsplejerske søskende
    søvn tale talepædagog tand team tegn teater terapeut tid tilknytning tilstand toilet transport trivsel
    træning tryghed tvilling udvikling ugeplan ulykke undersøgelse undervisning ven venskab vuggestue vurdering
    værelse ydelse øje øre øvelse
"""
PARTS = frozenset(_PARTS.split())
