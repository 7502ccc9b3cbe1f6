"""An identity provider made from pysaml2, on a port of this computer.

    idp.py PORT FOLDER

FOLDER holds idp.key, idp.crt, settings.json and sp.xml, the service provider's metadata. The two
last are read on each request. Everybody who comes is signed in there already.
"""

import html
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import create_metadata_string
from saml2.saml import NAME_FORMAT_URI, NAMEID_FORMAT_EMAILADDRESS, NameID
from saml2.server import Server
from saml2.sigver import verify_redirect_signature
from saml2.xmldsig import DIGEST_SHA256, SIG_RSA_SHA256

PORT, FOLDER = int(sys.argv[1]), sys.argv[2]
BASE = f"http://127.0.0.1:{PORT}"
PASSWORD = {"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password", "authn_auth": BASE}


def path(name):
    return os.path.join(FOLDER, name)


def settings():
    with open(path("settings.json"), encoding="utf-8") as file:
        return json.load(file)


def config():
    known = {"metadata": {"local": [path("sp.xml")]}} if os.path.exists(path("sp.xml")) else {}
    return IdPConfig().load(
        {
            "entityid": f"{BASE}/metadata",
            "xmlsec_binary": "/usr/bin/xmlsec1",
            "key_file": path("idp.key"),
            "cert_file": path("idp.crt"),
            "service": {
                "idp": {
                    "endpoints": {
                        "single_sign_on_service": [(f"{BASE}/sso", BINDING_HTTP_REDIRECT)],
                        "single_logout_service": [(f"{BASE}/slo", BINDING_HTTP_REDIRECT)],
                    },
                    "signing_algorithm": SIG_RSA_SHA256,
                    "digest_algorithm": DIGEST_SHA256,
                    "policy": {
                        "default": {"lifetime": {"minutes": 5}, "name_form": NAME_FORMAT_URI}
                    },
                    "name_id_format": [NAMEID_FORMAT_EMAILADDRESS],
                }
            },
            **known,
        }
    )


def require_signature(server, query, request):
    """This version itself knows enveloped signatures only, which the redirect binding has not."""
    certificates = server.metadata.certs(request.message.issuer.text, "any", "signing")
    verifies = (
        verify_redirect_signature(query, server.sec.sec_backend, certificate)
        for certificate in certificates
    )
    if "Signature" not in query or not any(verifies):
        raise ValueError("the request is not signed")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        target = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(target.query).items()}
        if target.path == "/metadata":
            self.answer("text/xml", create_metadata_string(None, config(), valid=24))
        elif target.path == "/sso":
            self.sign_on(query)
        elif target.path == "/slo":
            self.log_out(query)
        else:
            self.send_error(404)

    def sign_on(self, query):
        server = Server(config=config())
        if "SAMLRequest" in query:
            request = server.parse_authn_request(
                query["SAMLRequest"], BINDING_HTTP_REDIRECT
            )
            require_signature(server, query, request)
            args = server.response_args(request.message)
        else:
            [sp] = server.metadata.service_providers()
            [acs] = server.metadata.assertion_consumer_service(sp, BINDING_HTTP_POST)
            args = {"in_response_to": None, "destination": acs["location"], "sp_entity_id": sp}
        wanted = settings()
        user = wanted["user"]
        response = server.create_authn_response(
            {"mail": user["mail"], "givenName": user["givenName"], "sn": user["sn"]},
            in_response_to=args["in_response_to"],
            destination=args["destination"],
            sp_entity_id=args["sp_entity_id"],
            name_id=NameID(format=NAMEID_FORMAT_EMAILADDRESS, text=user["mail"]),
            authn=PASSWORD,
            sign_assertion=wanted.get("signAssertion", True),
            sign_response=wanted.get("signResponse", False),
            encrypt_assertion=wanted.get("encrypt", False),
            encrypt_assertion_self_contained=wanted.get("selfContained", True),
        )
        form = server.apply_binding(
            BINDING_HTTP_POST, str(response), args["destination"], query.get("RelayState", ""), True
        )
        self.answer("text/html", form["data"])

    def log_out(self, query):
        server = Server(config=config())
        request = server.parse_logout_request(
            query["SAMLRequest"], BINDING_HTTP_REDIRECT
        )
        require_signature(server, query, request)
        response = server.create_logout_response(request.message, [BINDING_HTTP_REDIRECT])
        args = server.response_args(request.message, [BINDING_HTTP_REDIRECT])
        sent = server.apply_binding(
            BINDING_HTTP_REDIRECT,
            str(response),
            args["destination"],
            query.get("RelayState", ""),
            response=True,
            sign=True,
            sigalg=SIG_RSA_SHA256,
        )
        self.send_response(303)
        self.send_header("Location", dict(sent["headers"])["Location"])
        self.end_headers()

    def answer(self, kind, body):
        octets = body if isinstance(body, bytes) else "".join(body).encode("utf-8")
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except Exception as error:  # pylint: disable=broad-except
            self.send_error(500, explain=html.escape(repr(error)))

    def log_message(self, *args):
        pass


HTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
