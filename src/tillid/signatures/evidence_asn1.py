"""The structures of an evidence record (RFC 4998, appendix A), and a token with what its judges will need put in.

Structure alone: what a record proves is judged in ``evidence_verify``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from asn1crypto import algos, cms, core, ocsp, parser, x509


class _Group(core.SequenceOf):
    _child_spec = core.OctetString


class _Groups(core.SequenceOf):
    _child_spec = _Group


class ArchiveTimeStamp(core.Sequence):
    """RFC 4998 section 4.1."""

    _fields = [
        ("digestAlgorithm", algos.DigestAlgorithm, {"implicit": 0, "optional": True}),
        ("attributes", cms.CMSAttributes, {"implicit": 1, "optional": True}),
        ("reducedHashtree", _Groups, {"implicit": 2, "optional": True}),
        ("timeStamp", cms.ContentInfo),
    ]


class Chain(core.SequenceOf):
    """ArchiveTimeStampChain (section 5.1): renewed by timestamps, one digest algorithm."""

    _child_spec = ArchiveTimeStamp


class Chains(core.SequenceOf):
    """ArchiveTimeStampSequence: each chain after the first renews the hash tree."""

    _child_spec = Chain


class _Digests(core.SequenceOf):
    _child_spec = algos.DigestAlgorithm


class _CryptoInfos(core.SequenceOf):
    _child_spec = cms.CMSAttribute


class EvidenceRecord(core.Sequence):
    """RFC 4998 section 3.1. ``core.Any`` would swallow the field after an optional one; nothing of ours is encrypted."""

    _fields = [
        ("version", core.Integer),
        ("digestAlgorithms", _Digests),
        ("cryptoInfos", _CryptoInfos, {"implicit": 0, "optional": True}),
        ("encryptionInfo", core.Sequence, {"implicit": 1, "optional": True}),
        ("archiveTimeStampSequence", Chains),
    ]


def archive_timestamp(groups: Sequence[Sequence[bytes]], token: bytes, algorithm: str) -> bytes:
    """An archive timestamp; ``groups``: the reduced hash tree, leaf first. Written from its parts: the classes above take
    fifty times as long, and a renewal of hash trees writes all chains of all objects. Raises ``ValueError`` for a token that is
    not one value."""
    parser.parse(token, strict=True)
    lists = b"".join(_sequence(*(core.OctetString(value).dump() for value in group)) for group in groups)
    return _sequence(parser.emit(2, 1, 0, _algorithm(algorithm).contents), parser.emit(2, 1, 2, lists), token)


def evidence_record(chains: Sequence[Sequence[bytes]], algorithms: Sequence[str]) -> bytes:
    """The ``.er`` (DER) of chains of archive timestamps; ``algorithms``: all that they use."""
    used = _sequence(*(_algorithm(name).dump() for name in dict.fromkeys(algorithms)))
    return _sequence(core.Integer(1).dump(), used, chains_der(chains))


def chains_der(chains: Sequence[Sequence[bytes]]) -> bytes:
    """What a renewal of the hash tree covers beside the data: all chains so far (section 5.2)."""
    return _sequence(*(_sequence(*chain) for chain in chains))


def _sequence(*parts: bytes) -> bytes:
    return parser.emit(0, 1, 16, b"".join(parts))


@cache
def _algorithm(name: str) -> algos.DigestAlgorithm:
    return algos.DigestAlgorithm({"algorithm": name})


def completed(
    token: bytes, certificates: Sequence[bytes] = (), lists: Sequence[bytes] = (), answers: Sequence[bytes] = ()
) -> bytes:
    """``token`` with ``certificates``, revocation ``lists`` and ``answers`` (RFC 5940; all DER) in its CMS, outside what its
    authority has signed. To be done before another timestamp covers it: later nothing can be added that would be believed."""
    info = cms.ContentInfo.load(token, strict=True)
    signed = info["content"]
    have = [one.chosen.dump() for one in signed["certificates"]]
    more = [one for one in dict.fromkeys(certificates) if one not in have]
    held = [one.dump() for one in signed["crls"]] if signed["crls"].native else []
    new = [one for one in dict.fromkeys((*lists, *map(_other, answers))) if one not in held]
    if not more and not new:
        return token
    if more:  # DER: a SET OF is sorted
        signed["certificates"] = cms.CertificateSet(
            [cms.CertificateChoices("certificate", x509.Certificate.load(der)) for der in sorted([*have, *more])]
        )
    if new:
        signed["crls"] = cms.RevocationInfoChoices([_choice(der) for der in sorted([*held, *new])])
    return info.dump()  # not forced: that takes time without end for what is nested deeply


def told_in(token: bytes) -> tuple[list[bytes], list[bytes]]:
    """The revocation lists and the answers (DER) that lie in a token; what else an authority puts there says nothing here."""
    held = cms.ContentInfo.load(token, strict=True)["content"]["crls"]
    of = [(one.name, one.chosen) for one in held] if held.native else []
    lists = [one.dump() for name, one in of if name == "crl"]
    answers = [one["other_rev_info"].dump() for name, one in of if name == "other" and _is_answer(one)]
    return lists, answers


def _is_answer(one: cms.OtherRevocationInfoFormat) -> bool:
    return bool(one["other_rev_info_format"].native == "ocsp_response")


def _other(answer: bytes) -> bytes:
    value = {"other_rev_info_format": "ocsp_response", "other_rev_info": ocsp.OCSPResponse.load(answer)}
    return cms.RevocationInfoChoice("other", cms.OtherRevocationInfoFormat(value)).dump()


def _choice(der: bytes) -> cms.RevocationInfoChoice:
    return cms.RevocationInfoChoice.load(der)
