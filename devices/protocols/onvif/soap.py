"""SOAP 1.2 as ONVIF speaks it: envelopes with a WS-UsernameToken, answers and faults.

ONVIF Core Specification, chapters 5 (web services) and 5.9 (security); the token's digest is
Base64(SHA-1(nonce + created + password)), OASIS Web Services Security UsernameToken Profile 1.0.
"""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha1
from typing import Any

from lxml import etree

NS = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "wsse": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
    "wsu": "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
    "tev": "http://www.onvif.org/ver10/events/wsdl",
    "wsnt": "http://docs.oasis-open.org/wsn/b-2",
    "tt": "http://www.onvif.org/ver10/schema",
}
DIGEST = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"
    "#PasswordDigest"
)
MOST_BYTES = 1_000_000

Element = Any


class Fault(Exception):
    """The camera answered with a fault; the message is its reason."""


class Senseless(ValueError):
    """This is no answer; the message says why."""


@dataclass(frozen=True, slots=True)
class Token:
    """Who asks. `nonce` and `created` are new for each envelope."""

    user: str
    password: str
    nonce: bytes
    created: str

    def digest(self) -> str:
        whole = self.nonce + self.created.encode() + self.password.encode()
        return b64encode(sha1(whole, usedforsecurity=False).digest()).decode()


def tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NS[prefix]}}}{local}"


def child(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    made = etree.SubElement(parent, tag(name), attrib=attributes)
    made.text = text or None
    return made


def envelope(action: str, to: str, token: Token | None) -> tuple[Element, Element]:
    """The envelope and its empty body."""
    whole = etree.Element(tag("s:Envelope"), nsmap=NS)
    header = child(whole, "s:Header")
    child(header, "wsa:Action", action)
    child(header, "wsa:To", to)
    if token is not None:
        _sign(header, token)
    return whole, child(whole, "s:Body")


def _sign(header: Element, token: Token) -> None:
    name = child(child(header, "wsse:Security"), "wsse:UsernameToken")
    child(name, "wsse:Username", token.user)
    child(name, "wsse:Password", token.digest(), Type=DIGEST)
    child(name, "wsse:Nonce", b64encode(token.nonce).decode())
    child(name, "wsu:Created", token.created)


def written(whole: Element) -> bytes:
    return bytes(etree.tostring(whole, xml_declaration=True, encoding="UTF-8"))


def body_of(answer: bytes) -> Element:
    """The body's first element. Raises Fault, Senseless."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    if len(answer) > MOST_BYTES:
        raise Senseless("The answer is too long.")
    try:
        whole = etree.fromstring(answer, parser)
    except etree.XMLSyntaxError as error:
        raise Senseless("The answer is no XML.") from error
    first = whole.find("s:Body/*", NS)
    if first is None:
        raise Senseless("The answer has no body.")
    if first.tag == tag("s:Fault"):
        raise Fault(first.findtext("s:Reason/s:Text", "", NS).strip()[:200] or "a fault")
    return first
