"""What makes a PDF archival: metadata, colour profile and attached files (PDF/A-3a, ISO 19005-3; PDF/UA-1)."""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from xml.sax.saxutils import escape

from certificates.formats import HO_CHI_MINH
from certificates.pdffile import PdfFile, dictionary, number, reference, text_string

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:lims="{namespace}"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>vi</rdf:li><rdf:li>en</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer><xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{created}</xmp:CreateDate><xmp:ModifyDate>{created}</xmp:ModifyDate>
<lims:number>{number}</lims:number><lims:recordSha256>{digest}</lims:recordSha256>
<pdfaExtension:schemas><rdf:Bag>{extensions}</rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
_NAMESPACE = "urn:chuan-lims:document:1"
_SCHEMA = """<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{title}</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{uri}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"""
_PROPERTY = """<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>
<pdfaProperty:valueType>{kind}</pdfaProperty:valueType><pdfaProperty:category>{category}</pdfaProperty:category>
<pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>"""


@dataclass(frozen=True)
class Metadata:
    """What the file says of itself; `created` is the instant of issue, so that the same record gives the same bytes."""

    title: str
    author: str
    subject: str
    producer: str
    created: datetime
    number: str
    record_digest: str


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF, associated with the whole document. `relation` as in ISO 19005-3 6.8: Data, Source …"""

    name: str
    media_type: str
    description: str
    relation: str
    content: bytes


def write_info(file: PdfFile, metadata: Metadata) -> int:
    """The information dictionary; also names the document and its record for who checks an altered file."""
    created = f"(D:{metadata.created.astimezone(HO_CHI_MINH):%Y%m%d%H%M%S}+07'00')"
    return file.put(
        dictionary(
            {
                "Title": text_string(metadata.title),
                "Author": text_string(metadata.author),
                "Subject": text_string(metadata.subject),
                "Creator": text_string(metadata.producer),
                "Producer": text_string(metadata.producer),
                "CreationDate": created,
                "ModDate": created,
                "LimsNumber": text_string(metadata.number),
                "LimsRecordSha256": text_string(metadata.record_digest),
            }
        )
    )


def write_archival(file: PdfFile, metadata: Metadata, attachments: Sequence[Attachment]) -> dict[str, str]:
    """Adds metadata, colour profile and attachments; returns the catalogue's entries for them."""
    profile = file.put_stream(srgb_profile(), {"N": 3})
    intent = dictionary(
        {
            "Type": "/OutputIntent",
            "S": "/GTS_PDFA1",
            "OutputConditionIdentifier": "(sRGB IEC61966-2.1)",
            "Info": "(sRGB IEC61966-2.1)",
            "DestOutputProfile": reference(profile),
        }
    )
    xmp = file.put_stream(_xmp(metadata).encode(), {"Type": "/Metadata", "Subtype": "/XML"}, packed=False)
    entries = {"Metadata": reference(xmp), "OutputIntents": f"[{intent}]"}
    specs = [(item.name, _attach(file, item, metadata.created)) for item in sorted(attachments, key=lambda a: a.name)]
    if specs:
        names = " ".join(f"{text_string(name)} {reference(spec)}" for name, spec in specs)
        entries["Names"] = f"<</EmbeddedFiles <</Names [{names}]>>>>"
        entries["AF"] = f"[{' '.join(reference(spec) for _, spec in specs)}]"
    return entries


def _attach(file: PdfFile, item: Attachment, created: datetime) -> int:
    media = item.media_type.replace("/", "#2F").replace("+", "#2B")
    moment = f"(D:{created.astimezone(HO_CHI_MINH):%Y%m%d%H%M%S}+07'00')"
    checksum = hashlib.md5(item.content, usedforsecurity=False).hexdigest().upper()
    parameters = f"<</ModDate {moment} /Size {number(len(item.content))} /CheckSum <{checksum}>>>"
    stream = file.put_stream(item.content, {"Type": "/EmbeddedFile", "Subtype": f"/{media}", "Params": parameters})
    return file.put(
        dictionary(
            {
                "Type": "/Filespec",
                "F": text_string(item.name),
                "UF": text_string(item.name),
                "Desc": text_string(item.description),
                "AFRelationship": f"/{item.relation}",
                "EF": f"<</F {reference(stream)} /UF {reference(stream)}>>",
            }
        )
    )


def _xmp(metadata: Metadata) -> str:
    local = metadata.created.astimezone(HO_CHI_MINH)
    return _XMP.format(
        namespace=_NAMESPACE,
        title=escape(metadata.title),
        author=escape(metadata.author),
        subject=escape(metadata.subject),
        producer=escape(metadata.producer),
        created=f"{local:%Y-%m-%dT%H:%M:%S}+07:00",
        number=escape(metadata.number),
        digest=metadata.record_digest,
        extensions=_extensions(),
    )


@cache
def _extensions() -> str:
    """Descriptions of the properties that PDF/A does not know (ISO 19005-3 6.6.2.3)."""
    own = (
        ("number", "Text", "external", "Number of the document"),
        ("recordSha256", "Text", "external", "SHA-256 of the record from which the document was made"),
    )
    universal = (("part", "Integer", "internal", "Part of ISO 14289"),)
    schemas = (
        ("Chuan LIMS document", _NAMESPACE, "lims", own),
        ("PDF/UA identification", "http://www.aiim.org/pdfua/ns/id/", "pdfuaid", universal),
    )
    return "".join(
        _SCHEMA.format(
            title=title,
            uri=uri,
            prefix=prefix,
            properties="".join(
                _PROPERTY.format(name=name, kind=kind, category=category, description=description)
                for name, kind, category, description in properties
            ),
        )
        for title, uri, prefix, properties in schemas
    )


@cache
def srgb_profile() -> bytes:
    """An ICC version 2 display profile of sRGB (ICC.1:2001-04): primaries adapted to D50 and a 1024-step tone curve."""

    def fixed(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def text(tag: bytes, body: bytes) -> bytes:
        return tag + b"\0\0\0\0" + body

    def xyz(x: float, y: float, z: float) -> bytes:
        return text(b"XYZ ", fixed(x) + fixed(y) + fixed(z))

    def linear(share: float) -> float:
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    steps = struct.pack(">1024H", *(round(65535 * linear(i / 1023)) for i in range(1024)))
    name = b"sRGB IEC61966-2.1\0"
    tags = {
        b"desc": text(b"desc", struct.pack(">I", len(name)) + name + bytes(78)),
        b"cprt": text(b"text", b"No copyright, use freely\0"),
        b"wtpt": xyz(0.9505, 1.0, 1.0891),
        b"rXYZ": xyz(0.43607, 0.22249, 0.01392),
        b"gXYZ": xyz(0.38515, 0.71687, 0.09708),
        b"bXYZ": xyz(0.14307, 0.06061, 0.7141),
        b"rTRC": text(b"curv", struct.pack(">I", 1024) + steps),
    }
    return _icc(tags, {b"gTRC": b"rTRC", b"bTRC": b"rTRC"})


def _icc(tags: dict[bytes, bytes], shared: dict[bytes, bytes]) -> bytes:
    """A profile file of these tags; `shared` tags point at another's data."""
    at = 128 + 4 + 12 * (len(tags) + len(shared))
    places, body = {}, b""
    for tag, data in tags.items():
        places[tag] = (at + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    places |= {tag: places[source] for tag, source in shared.items()}
    directory = struct.pack(">I", len(places)) + b"".join(
        tag + struct.pack(">II", *place) for tag, place in places.items()
    )
    illuminant = struct.pack(">iii", 63190, 65536, 54061)  # D50
    header = struct.pack(
        ">I4sI4s4s4s6H4s4s4s4s4sQI12s4s44x",
        at + len(body),
        b"\0\0\0\0",
        0x02100000,
        b"mntr",
        b"RGB ",
        b"XYZ ",
        *(2026, 1, 1, 0, 0, 0),
        b"acsp",
        b"\0\0\0\0",
        b"\0\0\0\0",
        b"\0\0\0\0",
        b"\0\0\0\0",
        0,
        0,
        illuminant,
        b"\0\0\0\0",
    )
    return header + directory + body
