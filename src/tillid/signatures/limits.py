"""What a verdict does not prove, told with each: a passed seal is no proof that a consent still holds."""

from __future__ import annotations

STILL_HOLDS = (
    "Kontrollen viser ikke, om samtykket stadig gælder. Det kan kun afgøres i det system, der fører samtykkerne."
)
# R-103 and design 15: what a record by itself can never say. Shown with every verdict.
DOES_NOT_PROVE = (
    STILL_HOLDS,
    "Kontrollen viser ikke, om der mangler poster, for eksempel en tilbagekaldelse.",
    "Seglet er platformens og ikke personens egen underskrift. "
    "Det viser, hvad en person, der var logget ind, trykkede på.",
    "Tidspunktet er platformens eget. Det er ikke bekræftet af et uafhængigt tidsstempel.",
)
# The same of an employee's attestation, which is no consent.
ATTESTATION_DOES_NOT_PROVE = (
    "Kontrollen viser ikke, om der er en nyere udgave af teksten.",
    DOES_NOT_PROVE[1],
    "Seglet er platformens og ikke medarbejderens egen underskrift. "
    "Det viser, hvad en medarbejder, der var logget ind, bekræftede.",
    DOES_NOT_PROVE[3],
)
# The same of a receiver's acknowledgement: neither a consent nor a leave to go on reading.
RECEPTION_DOES_NOT_PROVE = (
    "Kontrollen viser ikke, om det, der blev modtaget, stadig må læses. Det kan kun afgøres i det system, der fører samtykkerne.",
    DOES_NOT_PROVE[1],
    "Seglet er platformens og ikke medarbejderens egen underskrift. "
    "Det viser, hvad en medarbejder, der var logget ind, kvitterede for.",
    DOES_NOT_PROVE[3],
)
# The last sentence of those, where an independent timestamp held.
TIMESTAMP_DOES_NOT_PROVE = (
    "Tidsstemplet viser, at seglet var sat senest da. Det viser ikke, hvor længe før, eller hvem der satte det."
)
