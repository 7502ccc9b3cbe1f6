import type { VendorId } from "../attribute-presets.ts";
import type { RejectionCode } from "../rejection.ts";
import type { DenyReason } from "../sign-in-decision.ts";
import type { Explanation, Explanations } from "./administrator-explanations.ts";
import type { FaultText } from "./faults.ts";
import type { IdentityProviderGuide } from "./identity-provider-guides.ts";
import type { UserAdvice, UserSentence } from "./user-explanations.ts";

/** Sentences for users in German. */
export const GERMAN_SENTENCES: Readonly<Record<UserSentence, string>> = {
  "sso-disabled": "Single Sign-On ist ausgeschaltet.",
  "email-missing": "Ihr Identitätsanbieter hat Ihre E-Mail-Adresse nicht übermittelt.",
  "email-invalid":
    "Ihr Identitätsanbieter hat eine E-Mail-Adresse übermittelt, die hier nicht verwendet werden kann.",
  "email-ambiguous": "Ihr Identitätsanbieter hat mehr als eine E-Mail-Adresse für Sie übermittelt.",
  "domain-not-allowed": "Mit Ihrer E-Mail-Domain ist hier keine Anmeldung möglich.",
  "domain-not-verified": "Für Ihre E-Mail-Domain ist die Anmeldung hier noch nicht eingerichtet.",
  "domain-of-other-connection":
    "Benutzer Ihrer E-Mail-Domain melden sich hier auf einem anderen Weg an.",
  "user-suspended": "Ihr Konto ist gesperrt.",
  "user-deleted": "Ihr Konto wurde gelöscht.",
  "jit-disabled": "Sie haben hier noch kein Konto.",
  "refused-by-rule": "Ihre Organisation lässt kein Konto für Sie zu.",
  "no-rule-matched":
    "Sie haben hier kein Konto, und die Einstellungen Ihrer Organisation sehen keines für Sie vor.",
  "address-changed": "Sie haben hier bereits ein Konto mit einer anderen E-Mail-Adresse.",
  "defaults-invalid":
    "Ihr Konto konnte nicht angelegt werden, weil die Einstellungen für neue Benutzer geprüft werden müssen.",
  "license-exhausted": "Ihr Konto konnte nicht angelegt werden, weil alle Lizenzen belegt sind.",
  "no-cookie": "Ihr Browser hat das Cookie dieser Anmeldung nicht gesendet.",
  waited: "Diese Anmeldung hat zu lange gedauert.",
  "not-signed-in": "Ihr Identitätsanbieter hat Sie nicht angemeldet.",
  "start-here": "Melden Sie sich auf dieser Website an, nicht bei Ihrem Identitätsanbieter.",
  "sign-in-over": "Diese Anmeldung ist nicht mehr gültig.",
  "sign-in-unverified": "Ihre Anmeldung konnte nicht geprüft werden.",
  "sign-out-over": "Diese Abmeldung ist nicht mehr gültig.",
  "sign-out-unverified": "Ihre Abmeldung konnte nicht geprüft werden.",
  "signed-out-here":
    "Sie sind hier abgemeldet, aber möglicherweise noch bei Ihrem Identitätsanbieter angemeldet.",
  "signed-out-partly":
    "Sie sind hier und bei Ihrem Identitätsanbieter abgemeldet, aber möglicherweise noch bei anderen Diensten angemeldet.",
};

/** Advice for users in German. */
export const GERMAN_ADVICE: Readonly<Record<UserAdvice, string>> = {
  "ask-administrator": "Bitten Sie einen Administrator um Hilfe und nennen Sie ihm die Referenz.",
  "try-again": "Gehen Sie zurück zur Anmeldeseite und versuchen Sie es noch einmal.",
  "allow-cookies":
    "Lassen Sie Cookies für diese Website zu, melden Sie sich dann noch einmal an und bleiben Sie im selben Browser. Wenn das nicht hilft, fragen Sie einen Administrator und nennen Sie ihm die Referenz.",
  "close-browser": "Schließen Sie den Browser oder melden Sie sich auch dort ab.",
  "sign-out-there":
    "Schließen Sie den Browser oder melden Sie sich bei Ihrem Identitätsanbieter ab.",
};

/** Faults and warnings of settings in German. */
export const GERMAN_FAULTS: Readonly<Record<FaultText, string>> = {
  "required:role": "Wählen Sie eine Rolle für neue Benutzer, bevor Sie dies einschalten.",
  "required:organization": "Wählen Sie mindestens eine Organisation.",
  "required:value": "Geben Sie einen Wert ein.",
  "required:values": "Geben Sie mindestens einen Wert ein.",
  "required:attribute": "Geben Sie den Namen eines Attributs ein.",
  "required:email-attribute":
    "Geben Sie den Namen des Attributs ein, das die E-Mail-Adresse enthält.",
  "required:profile-attribute":
    "Geben Sie den Namen eines Attributs ein, oder lassen Sie das Feld leer.",
  "required:connection":
    "Verbinden Sie einen Identitätsanbieter, bevor Sie Single Sign-On einschalten.",
  "required:certificate":
    "Fügen Sie mindestens ein Signaturzertifikat des Identitätsanbieters hinzu.",
  "required:exempt":
    "Nehmen Sie mindestens einen aktiven Benutzer aus, der die Verbindung mit einem Passwort reparieren kann.",
  "required:member": "Diese Angabe fehlt.",
  "unknown:role": "Die Rolle {id} gibt es nicht.",
  "unknown:group": "Die Gruppe {id} gibt es nicht.",
  "unknown:organization": "Die Organisation {id} gibt es nicht.",
  "unknown:connection": "Die Verbindung {id} gibt es nicht.",
  "too-many-organizations":
    "Benutzer mit der Rolle {role} können auf höchstens {most} Organisationen zugreifen.",
  "too-many:rules": "Geben Sie höchstens {most} Regeln ein.",
  "too-many:values": "Geben Sie in allen Regeln zusammen höchstens {most} Werte ein.",
  "too-many:groups": "Geben Sie in allen Regeln zusammen höchstens {most} Gruppen ein.",
  "too-many:organizations":
    "Geben Sie in allen Regeln zusammen höchstens {most} Organisationen ein.",
  "too-many:certificates": "Fügen Sie höchstens {most} Zertifikate hinzu.",
  "too-many:entries": "Hier sind höchstens {most} Einträge möglich.",
  "too-long:text": "Geben Sie höchstens {most} Zeichen ein.",
  "too-long:member": "Hier sind höchstens {most} Zeichen möglich.",
  "too-short": "Dieses Feld darf nicht leer sein.",
  "type-invalid": "Hier wird der Typ {type} erwartet.",
  "characters-invalid": "Steuerzeichen sind hier nicht zulässig.",
  "not-allowed:values": "Zulässig sind hier nur: {values}.",
  "not-allowed:value": "Dieser Wert ist nicht zulässig.",
  "unknown-member": "Diese Einstellung gibt es nicht.",
  "duplicate:rule": "Diese Regel kommt zweimal vor. Entfernen Sie eine davon.",
  "duplicate:value": "Dieser Wert kommt zweimal vor. Entfernen Sie einen davon.",
  "attribute-name-invalid": "Entfernen Sie die Leerzeichen vor oder nach dem Attributnamen.",
  "value-invalid": "Entfernen Sie die Leerzeichen vor oder nach dem Wert.",
  "refuse-alone":
    "Eine Regel, die ablehnt, vergibt nichts. Entfernen Sie ihre Rolle, Gruppen und Organisationen.",
  "no-rules":
    "Es wird kein Benutzer angelegt: Es gibt keine Regeln, und Benutzer, auf die keine Regel zutrifft, werden abgelehnt.",
  "role-takes-a-license": "Wählen Sie eine Rolle, die keine Lizenz belegt.",
  "confirmation-required:one":
    "Bestätigen Sie, dass neue Benutzer die privilegierte Rolle {roles} erhalten.",
  "confirmation-required:several":
    "Bestätigen Sie, dass neue Benutzer die privilegierten Rollen {roles} erhalten.",
  "not-unique:id": "Eine andere Verbindung hat diese ID.",
  "not-unique:name": "Eine andere Verbindung hat diesen Namen.",
  "not-unique:issuer": "Eine andere Verbindung hat diesen Aussteller.",
  "not-unique:other-domains":
    "Nur eine eingeschaltete Verbindung kann die Domains annehmen, die keine andere aufführt.",
  "domain-invalid": "Geben Sie einen Domainnamen wie example.com ein.",
  "domain-shared":
    "Zwei Identitätsanbieter melden Benutzer von {domain} an. Beenden Sie dies, wenn der Umzug abgeschlossen ist.",
  "domain-proof-lost":
    "Der DNS-Eintrag, der {domain} nachweist, fehlt. Die Benutzer der Domain melden sich weiter an: Veröffentlichen Sie den Eintrag wieder, oder entfernen Sie die Domain.",
  "domain-of-other-connection":
    "Eine andere Verbindung führt {domain} auf. Entfernen Sie die Domain dort, oder teilen Sie sie, solange Benutzer umziehen.",
  "domain-not-verified": "Es ist noch nicht nachgewiesen, dass {domain} Ihnen gehört.",
  "email-invalid": "Geben Sie eine E-Mail-Adresse ein.",
  "id-invalid":
    "Verwenden Sie 1 bis 40 Kleinbuchstaben, Ziffern und einzelne Bindestriche dazwischen.",
  "name-invalid":
    "Der Name muss 1 bis {most} Zeichen lang sein, ohne Leerzeichen am Anfang oder Ende.",
  "entity-id-invalid":
    "Der Aussteller muss 1 bis 1.024 Zeichen lang sein, ohne Leerzeichen am Anfang oder Ende.",
  "metadata-url-invalid":
    "Geben Sie eine vollständige https-URL in ASCII ein, ohne Zugangsdaten und ohne Fragment.",
  "url-invalid":
    "Geben Sie eine vollständige http- oder https-URL in ASCII ein, ohne Zugangsdaten, Fragment und SAML-Parameter.",
  "metadata-not-fetched":
    "Dieser Dienst ruft keine Metadaten ab: Aktualisieren Sie die Zertifikate von Hand.",
  "no-key": "Dieser Dienst hat keinen Schlüssel, um Anfragen zu signieren.",
  "weak-algorithm":
    "{algorithm} ist schwach. Lassen Sie ihn nur zu, solange der Identitätsanbieter nichts Stärkeres unterstützt.",
  "certificate-invalid": "Das ist kein X.509-Zertifikat. Fügen Sie es als PEM oder Base64 ein.",
  "several-certificates":
    "Dies enthält {count} Zertifikate. Geben Sie jedes einzeln ein, ohne die seiner Aussteller.",
  "key-unsupported": "Nur RSA- und EC-Schlüssel werden unterstützt.",
  "key-too-short": "RSA-Schlüssel müssen mindestens {least} Bit haben.",
  "key-exponent-weak":
    "Der öffentliche Exponent von RSA-Schlüsseln muss ungerade und mindestens 65.537 sein.",
  "curve-unsupported": "EC-Schlüssel müssen auf einer dieser Kurven liegen: {curves}.",
  "certificate-of-issuer:list":
    "Dieses Zertifikat hat ein anderes der Liste ausgestellt. Sein Schlüssel signiert keine Nachrichten: Entfernen Sie es.",
  "certificate-of-issuer:key":
    "Ein anderes Zertifikat desselben X509Data ist das des Schlüssels. Aussteller signieren keine Nachrichten.",
  "certificate-of-authority":
    "Dies ist das Zertifikat einer Zertifizierungsstelle, deren Schlüssel selten Nachrichten signiert. Wenn Anmeldungen abgelehnt werden, ersetzen Sie es durch das eigene Zertifikat des Identitätsanbieters.",
  "certificate-not-yet-valid": "Dieses Zertifikat ist erst ab {time} gültig.",
  "certificate-expired": "Dieses Zertifikat ist seit {time} abgelaufen.",
  "certificate-expiring": "Dieses Zertifikat läuft ab: {time}.",
  "untested:on":
    "Testen Sie diese Einstellungen zuerst: In den letzten 24 Stunden ist keine Testanmeldung mit ihnen gelungen.",
  "untested:enforced":
    "Testen Sie diese Einstellungen zuerst: Um Single Sign-On zu erzwingen, muss in den letzten 24 Stunden eine Testanmeldung gelungen sein.",
  "not-connected":
    "Die Verbindung, die getestet werden soll, gibt es nicht, oder sie hat keinen Identitätsanbieter.",
  "weak-algorithm-used": "Die Nachricht verwendet den schwachen Algorithmus {algorithm}.",
  "old-certificate-used":
    "Die Nachricht ist für ein altes Zertifikat dieses Dienstes verschlüsselt, das bald entfernt wird: Importieren Sie seine Metadaten noch einmal beim Identitätsanbieter.",
  "logout-not-usable":
    "Der Identitätsanbieter bietet Single Logout an, aber nicht mit HTTP-Redirect oder HTTP-POST: Eine Abmeldung hier beendet nur die Sitzung hier.",
};

const REPORT_TO_VENDOR =
  "Versuchen Sie es noch einmal. Wenn der Fehler bleibt, melden Sie den Grund dem Hersteller Ihres Identitätsanbieters.";
const REPORT_TO_OPERATORS =
  "Melden Sie dies sofort den Betreibern dieses Dienstes. Es sollte nie vorkommen und kann ein Angriff sein.";
const SEND_FEWER_ATTRIBUTES =
  "Senden Sie vom Identitätsanbieter weniger Attribute. Die übliche Ursache sind lange Listen von Gruppen.";
const COPY_ENTITY_ID =
  "Übertragen Sie die Entitäts-ID von der Einstellungsseite Zeichen für Zeichen zum Identitätsanbieter.";
const START_AGAIN = "Bitten Sie den Benutzer, auf der Anmeldeseite noch einmal zu beginnen.";
const START_AGAIN_OR_SET_CLOCKS =
  "Bitten Sie den Benutzer, noch einmal zu beginnen und auf der letzten Seite des Identitätsanbieters nicht zu warten. Wenn alle betroffen sind, synchronisieren Sie die Uhren beider Server mit NTP.";
const WEAK_IF_NEEDED =
  "Wenn er nichts Stärkeres unterstützt, wählen Sie den im Grund genannten Algorithmus unter „Schwache Algorithmen zulassen“.";

const REJECTIONS: Readonly<Record<RejectionCode, Explanation>> = {
  "message-missing": {
    sentence: "Die Anfrage enthielt keine SAML-Nachricht.",
    fix: "Es ist nichts zu tun, wenn jemand die Adresse als Lesezeichen gespeichert oder eingegeben hat. Andernfalls stellen Sie den Identitätsanbieter so ein, dass er seine Antwort mit HTTP POST an die ACS-URL sendet.",
  },
  "message-ambiguous": {
    sentence: "Die Anfrage enthielt mehr als eine SAML-Nachricht.",
    fix: REPORT_TO_VENDOR,
  },
  "message-too-large": {
    sentence: "Die Nachricht ist größer, als dieser Dienst zulässt.",
    fix: SEND_FEWER_ATTRIBUTES,
  },
  "message-not-base64": {
    sentence: "Die Nachricht ist kein gültiges Base64.",
    fix: REPORT_TO_VENDOR,
  },
  "message-not-deflate": {
    sentence: "Die Nachricht ist nicht gültig mit DEFLATE komprimiert.",
    fix: REPORT_TO_VENDOR,
  },
  "message-not-utf8": {
    sentence: "Die Nachricht ist kein reines UTF-8 oder beginnt mit einer Bytereihenfolge-Marke.",
    fix: REPORT_TO_VENDOR,
  },
  "xml-malformed": {
    sentence: "Die Nachricht ist kein wohlgeformtes XML.",
    fix: REPORT_TO_VENDOR,
  },
  "xml-forbidden": {
    sentence:
      "Die Nachricht verwendet XML-Funktionen, die in SAML-Nachrichten nicht zulässig sind.",
    fix: REPORT_TO_VENDOR,
  },
  "xml-too-complex": {
    sentence: "Die Nachricht hat zu viele Elemente oder Attribute oder ist zu tief verschachtelt.",
    fix: SEND_FEWER_ATTRIBUTES,
  },
  "structure-invalid": {
    sentence:
      "Der Nachricht fehlt ein Element, das hier benötigt wird, oder sie enthält eines, das hier nicht unterstützt wird.",
    fix: "Prüfen Sie, ob der Identitätsanbieter eine SAML-2.0-Antwort an diese URL sendet. Wenn ja, melden Sie den Grund seinem Hersteller.",
  },
  "id-invalid": {
    sentence:
      "Eine ID in der Nachricht hat ungewöhnliche Zeichen, kommt mehrfach vor oder steht an einer Stelle, an der keine unterstützt wird.",
    fix: REPORT_TO_VENDOR,
  },
  "signature-missing": {
    sentence: "Die Nachricht ist nicht signiert.",
    fix: "Schalten Sie beim Identitätsanbieter die Signatur ein. Eine Anmeldung braucht eine signierte Assertion oder Antwort; jede Abmeldenachricht muss signiert sein.",
  },
  "signature-structure-invalid": {
    sentence: "Eine Signatur in der Nachricht ist fehlerhaft aufgebaut.",
    fix: REPORT_TO_VENDOR,
  },
  "signature-reference-invalid": {
    sentence: "Eine Signatur deckt nicht das Element ab, das sie enthält.",
    fix: REPORT_TO_VENDOR,
  },
  "algorithm-not-allowed": {
    sentence:
      "Die Nachricht ist mit einem Algorithmus signiert oder verschlüsselt, der nicht zugelassen ist.",
    fix: "Wählen Sie beim Identitätsanbieter aktuelle Algorithmen: RSA mit SHA-256 für Signaturen, AES und RSA-OAEP für die Verschlüsselung. Wenn er nichts Stärkeres unterstützt, wählen Sie den im Grund genannten Algorithmus unter „Schwache Algorithmen zulassen“.",
  },
  "signature-invalid": {
    sentence: "Die Signatur lässt sich mit keinem Zertifikat der Einstellungen bestätigen.",
    fix: "Importieren Sie die aktuellen Metadaten des Identitätsanbieters. Die übliche Ursache ist, dass er sein Signaturzertifikat gewechselt hat.",
  },
  "certificate-expired": {
    sentence: "Die Nachricht wurde mit einem Zertifikat außerhalb seiner Gültigkeit signiert.",
    fix: "Erneuern Sie das Signaturzertifikat beim Identitätsanbieter und fügen Sie das neue dann unter „Signaturzertifikate“ hinzu.",
  },
  "no-usable-certificate": {
    sentence: "Mit keinem Zertifikat der Einstellungen lässt sich eine Signatur prüfen.",
    fix: "Importieren Sie die aktuellen Metadaten des Identitätsanbieters.",
  },
  "encryption-structure-invalid": {
    sentence: "Ein verschlüsselter Teil der Nachricht ist fehlerhaft aufgebaut.",
    fix: REPORT_TO_VENDOR,
  },
  "decryption-key-missing": {
    sentence:
      "Die Assertion ist verschlüsselt, aber dieser Dienst hat keinen Schlüssel, um sie zu entschlüsseln.",
    fix: "Schalten Sie die Verschlüsselung der Assertion beim Identitätsanbieter aus, oder bitten Sie die Betreiber dieses Dienstes, einen Schlüssel einzurichten.",
  },
  "decryption-failed": {
    sentence: "Die verschlüsselte Assertion ist nicht verwendbar.",
    fix: "Importieren Sie unsere Metadaten noch einmal beim Identitätsanbieter und seine Metadaten hier: Wahrscheinlich hat eine Seite ein altes Zertifikat.",
  },
  "version-unsupported": {
    sentence: "Die Nachricht ist kein SAML 2.0.",
    fix: "Wählen Sie beim Identitätsanbieter SAML 2.0.",
  },
  "status-not-success": {
    sentence: "Der Identitätsanbieter hat keinen Erfolg gemeldet.",
    fix: "Bei einer Anmeldung: Weisen Sie dem Benutzer diese Anwendung beim Identitätsanbieter zu, falls er nicht selbst abgebrochen hat. Bei einer Abmeldung: Sehen Sie im Protokoll des Identitätsanbieters nach.",
  },
  "issuer-mismatch": {
    sentence: "Der Aussteller der Nachricht ist nicht der erwartete.",
    fix: "Importieren Sie die Metadaten des Identitätsanbieters, oder korrigieren Sie „Aussteller (Entitäts-ID)“ in den Einstellungen.",
  },
  "destination-missing": {
    sentence: "Die signierte Nachricht hat keine Destination.",
    fix: "Importieren Sie unsere Metadaten noch einmal beim Identitätsanbieter, oder übertragen Sie die URL von der Einstellungsseite.",
  },
  "destination-mismatch": {
    sentence: "Die Destination der Nachricht ist nicht unsere URL.",
    fix: "Übertragen Sie die URL von der Einstellungsseite zum Identitätsanbieter. Wenn alle URLs auf dieser Seite falsch sind, bitten Sie die Betreiber dieses Dienstes, seine Basis-URL zu korrigieren.",
  },
  "unsolicited-refused": {
    sentence: "Die Anmeldung begann beim Identitätsanbieter, was die Einstellungen nicht zulassen.",
    fix: "Schalten Sie „Anmeldungen zulassen, die beim Identitätsanbieter beginnen“ ein, oder verknüpfen Sie die Kachel beim Identitätsanbieter mit unserer Anmelde-URL.",
  },
  "request-unknown": {
    sentence: "Die Nachricht beantwortet keine offene Anfrage dieses Browsers.",
    fix: "Bitten Sie den Benutzer, auf der Anmeldeseite noch einmal zu beginnen. Wenn alle betroffen sind, unterscheidet sich die Basis-URL dieses Dienstes wahrscheinlich im Schema oder Hostnamen von der Adresse, die die Benutzer aufrufen.",
  },
  "in-response-to-mismatch": {
    sentence: "InResponseTo fehlt oder unterscheidet sich zwischen Teilen der Nachricht.",
    fix: REPORT_TO_VENDOR,
  },
  "subject-invalid": {
    sentence: "Das Subject der Assertion ist fehlerhaft aufgebaut.",
    fix: "Stellen Sie den Identitätsanbieter so ein, dass er genau eine NameID sendet.",
  },
  "name-id-missing": {
    sentence: "Die Nachricht hat keine NameID.",
    fix: "Stellen Sie den Identitätsanbieter so ein, dass er eine NameID sendet, am besten im Format emailAddress.",
  },
  "name-id-encrypted": {
    sentence: "Die NameID ist für sich verschlüsselt, was nicht unterstützt wird.",
    fix: "Schalten Sie die Verschlüsselung der NameID beim Identitätsanbieter aus und verschlüsseln Sie stattdessen die ganze Assertion.",
  },
  "subject-confirmation-invalid": {
    sentence: "Die Assertion hat keine gültige Bearer-Bestätigung.",
    fix: "Wählen Sie beim Identitätsanbieter das Web-Browser-SSO-Profil mit HTTP POST.",
  },
  "recipient-mismatch": {
    sentence: "Der Recipient der Assertion ist nicht unsere ACS-URL.",
    fix: "Übertragen Sie die ACS-URL von der Einstellungsseite zum Identitätsanbieter. Wenn alle URLs auf dieser Seite falsch sind, bitten Sie die Betreiber dieses Dienstes, seine Basis-URL zu korrigieren.",
  },
  "conditions-missing": {
    sentence: "Die Assertion hat keine Conditions, die Zielgruppe und Gültigkeit begrenzen.",
    fix: COPY_ENTITY_ID,
  },
  "condition-unknown": {
    sentence: "Die Assertion hat eine Bedingung, die dieser Dienst nicht unterstützt.",
    fix: "Entfernen Sie beim Identitätsanbieter die Bedingung, die im Grund genannt ist.",
  },
  "audience-missing": {
    sentence: "Die Assertion nennt keine Zielgruppe (Audience).",
    fix: COPY_ENTITY_ID,
  },
  "audience-mismatch": {
    sentence: "Die Zielgruppe (Audience) der Assertion ist nicht unsere Entitäts-ID.",
    fix: COPY_ENTITY_ID,
  },
  "time-invalid": {
    sentence: "Ein Zeitstempel ist nicht in UTC, oder eine Gültigkeit endet, bevor sie beginnt.",
    fix: REPORT_TO_VENDOR,
  },
  "not-yet-valid": {
    sentence: "Nach unserer Uhr ist die Nachricht noch nicht gültig.",
    fix: "Synchronisieren Sie die Uhren beider Server mit NTP. Dieser Eintrag zeigt die Abweichung.",
  },
  expired: {
    sentence: "Nach unserer Uhr ist die Nachricht abgelaufen.",
    fix: START_AGAIN_OR_SET_CLOCKS,
  },
  "too-old": {
    sentence: "Nach unserer Uhr wurde die Nachricht vor zu langer Zeit ausgestellt.",
    fix: START_AGAIN_OR_SET_CLOCKS,
  },
  "session-expired": {
    sentence: "Nach unserer Uhr ist die Sitzung des Benutzers beim Identitätsanbieter beendet.",
    fix: "Bitten Sie den Benutzer, sich beim Identitätsanbieter neu anzumelden. Wenn alle betroffen sind, synchronisieren Sie die Uhren beider Server mit NTP.",
  },
  "authn-statement-missing": {
    sentence: "Die Assertion sagt nicht aus, dass der Benutzer sich angemeldet hat.",
    fix: "Wählen Sie beim Identitätsanbieter das Web-Browser-SSO-Profil.",
  },
  "authn-statement-invalid": {
    sentence: "Die Assertion hat mehr als eine Aussage zur Authentifizierung.",
    fix: REPORT_TO_VENDOR,
  },
  "authn-too-old": {
    sentence:
      "Die Verbindung verlangt bei jeder Anmeldung eine neue Authentifizierung, aber der Identitätsanbieter hat eine frühere verwendet.",
    fix: "Lassen Sie die erzwungene Authentifizierung (ForceAuthn) für diese Anwendung beim Identitätsanbieter zu, oder schalten Sie „Bei jeder Anmeldung nach dem Passwort fragen“ aus. Wenn alle betroffen sind, synchronisieren Sie die Uhren beider Server mit NTP.",
  },
  "authn-context-mismatch": {
    sentence:
      "Der Benutzer wurde auf keine der Arten authentifiziert, die die Verbindung akzeptiert.",
    fix: "Vergleichen Sie die beiden Werte, die dieser Eintrag zeigt. Verlangen Sie diese Art der Authentifizierung, etwa mit mehreren Faktoren, beim Identitätsanbieter für diese Anwendung, oder nehmen Sie den gesendeten Wert unter „Akzeptierte Authentifizierungsklassen“ auf.",
  },
  "attribute-invalid": {
    sentence: "Ein Attribut der Assertion ist nicht lesbar.",
    fix: "Senden Sie das im Grund genannte Attribut als reinen Text ohne Verschlüsselung, oder senden Sie es nicht.",
  },
  "second-reading-failed": {
    sentence:
      "Die zweite SAML-Prüfung hat eine Nachricht abgelehnt, die die erste angenommen hatte.",
    fix: REPORT_TO_OPERATORS,
  },
  "readings-disagree": {
    sentence: "Die beiden unabhängigen SAML-Prüfungen lesen die Nachricht verschieden.",
    fix: REPORT_TO_OPERATORS,
  },
  "no-connection": {
    sentence: "Es ist kein Identitätsanbieter verbunden.",
    fix: "Verbinden Sie einen in den Einstellungen, oder entfernen Sie diesen Dienst beim Identitätsanbieter.",
  },
  "connection-changed": {
    sentence: "Die Einstellungen des Identitätsanbieters wurden während dieser Anmeldung geändert.",
    fix: START_AGAIN,
  },
  "logout-failed": {
    sentence:
      "Die Plattform konnte die Sitzungen nicht beenden, um die es in einer Abmeldeanfrage geht.",
    fix: "Fragen Sie die Betreiber dieses Dienstes: Ihr Protokoll enthält die Ursache unter der Referenz.",
  },
  "request-consumed": {
    sentence: "Diese Anmeldeanfrage wurde bereits beantwortet.",
    fix: START_AGAIN,
  },
  replayed: {
    sentence: "Diese Nachricht wurde bereits verwendet.",
    fix: "Es ist nichts zu tun, wenn der Benutzer zurückgegangen ist oder die Seite neu geladen hat. Bitten Sie ihn, auf der Anmeldeseite noch einmal zu beginnen.",
  },
};

const DENIALS: Readonly<Record<DenyReason, Explanation>> = {
  "sso-disabled": {
    sentence: "Single Sign-On ist in den Einstellungen ausgeschaltet.",
    fix: "Schalten Sie es ein, sobald der Identitätsanbieter verbunden ist.",
  },
  "email-missing": {
    sentence:
      "Der Identitätsanbieter hat an der Stelle, die die Einstellungen vorsehen, keine E-Mail-Adresse gesendet.",
    fix: "Senden Sie die Adresse unter einem der im Grund genannten Namen, oder wählen Sie das Attribut, das sie enthält, unter „Quelle der E-Mail-Adresse“. Wenn nur ein Benutzer betroffen ist, hat sein Verzeichniseintrag vielleicht keine Adresse.",
  },
  "email-invalid": {
    sentence:
      "Der Wert, den der Identitätsanbieter als E-Mail-Adresse gesendet hat, ist nicht verwendbar.",
    fix: "Senden Sie die NameID im Format emailAddress, oder wählen Sie das Attribut, das die Adresse enthält, unter „Quelle der E-Mail-Adresse“.",
  },
  "email-ambiguous": {
    sentence: "Der Identitätsanbieter hat mehr als eine E-Mail-Adresse für den Benutzer gesendet.",
    fix: "Wählen Sie das eine Attribut, das die Adresse enthält, unter „Quelle der E-Mail-Adresse“.",
  },
  "domain-not-allowed": {
    sentence: "Die Domain der E-Mail-Adresse ist nicht zugelassen.",
    fix: "Nehmen Sie die Domain unter „Zugelassene E-Mail-Domains“ auf, wenn ihre Benutzer sich anmelden dürfen. Subdomains müssen einzeln aufgeführt werden.",
  },
  "domain-not-verified": {
    sentence: "Es ist nicht nachgewiesen, dass die Domain der E-Mail-Adresse Ihnen gehört.",
    fix: "Weisen Sie der Plattform nach, dass die Domain Ihnen gehört, und versuchen Sie es dann noch einmal. Bis dahin kann sich keiner ihrer Benutzer anmelden.",
  },
  "domain-of-other-connection": {
    sentence: "Die Domain der E-Mail-Adresse gehört zu einer anderen Verbindung.",
    fix: "Benutzer dieser Domain melden sich über die Verbindung an, die sie aufführt. Wenn sie umgezogen sind, verschieben Sie die Domain zu dieser Verbindung; während des Umzugs können beide sie aufführen.",
  },
  "user-suspended": {
    sentence: "Der Benutzer ist gesperrt.",
    fix: "Heben Sie die Sperre auf, wenn der Benutzer Zugriff haben soll. Eine Anmeldung hebt nie eine Sperre auf.",
  },
  "user-deleted": {
    sentence: "Der Benutzer wurde gelöscht.",
    fix: "Stellen Sie den Benutzer wieder her oder legen Sie ihn neu an, wenn er Zugriff haben soll. Eine Anmeldung stellt nie einen Benutzer wieder her.",
  },
  "jit-disabled": {
    sentence:
      "Kein Benutzer hat diese E-Mail-Adresse, und neue Benutzer werden nicht automatisch angelegt.",
    fix: "Schalten Sie „Benutzer bei der ersten Anmeldung anlegen“ ein, oder laden Sie den Benutzer ein.",
  },
  "refused-by-rule": {
    sentence:
      "Eine Regel für neue Benutzer lehnt diesen Benutzer ab, deshalb wurde er nicht angelegt.",
    fix: "Wenn der Benutzer Zugriff haben soll, ändern Sie die im Grund genannte Regel unter „Regeln“, oder laden Sie den Benutzer ein.",
  },
  "no-rule-matched": {
    sentence:
      "Keine Regel für neue Benutzer trifft auf diesen Benutzer zu, deshalb wurde er nicht angelegt.",
    fix: "Fügen Sie eine Regel hinzu, die auf den Benutzer zutrifft, oder ändern Sie „Wenn keine Regel zutrifft“. Eine Testanmeldung zeigt, welche Attribute der Identitätsanbieter sendet.",
  },
  "address-changed": {
    sentence:
      "Ein anderer Benutzer hat dieselbe dauerhafte NameID und eine andere Adresse: Die Adresse des Benutzers wurde beim Identitätsanbieter geändert.",
    fix: "Ändern Sie die Adresse jenes Benutzers in der Plattform auf die neue; der Grund nennt den Benutzer. Wenn es eine andere Person ist, lassen Sie neue Benutzer mit geänderter Adresse zu.",
  },
  "defaults-invalid": {
    sentence:
      "Die Einstellungen für neue Benutzer sind unvollständig, veraltet oder verletzen eine Regel.",
    fix: "Öffnen Sie „Neue Benutzer“ in den Einstellungen und korrigieren Sie die markierten Felder.",
  },
  "license-exhausted": {
    sentence: "Alle Lizenzen sind belegt, deshalb wurde der Benutzer nicht angelegt.",
    fix: "Fügen Sie Lizenzen hinzu oder geben Sie welche frei, oder ändern Sie „Wenn alle Lizenzen belegt sind“ in den Einstellungen.",
  },
};

/** The explanations for administrators in German. Words in „…“ are labels of the settings page. */
export const GERMAN_EXPLANATIONS: Explanations = {
  codes: { ...REJECTIONS, ...DENIALS },
  causes: {
    "message-not-utf8": {
      "byte-order-mark": {
        sentence: "Die Nachricht beginnt mit einer Bytereihenfolge-Marke.",
        fix: "Stellen Sie den Identitätsanbieter so ein, dass er seine Nachrichten als UTF-8 ohne Bytereihenfolge-Marke schreibt, oder melden Sie den Grund seinem Hersteller.",
      },
      encoding: {
        sentence: "Die Nachricht ist kein gültiges UTF-8.",
        fix: REPORT_TO_VENDOR,
      },
    },
    "structure-invalid": {
      "other-message": {
        sentence: "Die Nachricht ist von einer anderen Art, als diese URL annimmt.",
        fix: "Prüfen Sie die URLs beim Identitätsanbieter. Antworten auf Anmeldungen gehören an die ACS-URL, Abmeldenachrichten an die Single-Logout-URL.",
      },
      "assertion-missing": {
        sentence: "Die Antwort meldet Erfolg, enthält aber keine Assertion.",
        fix: "Wählen Sie beim Identitätsanbieter das Web-Browser-SSO-Profil mit HTTP POST. Wenn es gewählt ist, melden Sie den Grund seinem Hersteller.",
      },
      several: {
        sentence:
          "Die Nachricht enthält mehrere von einem Element, von dem SAML mehrere zulässt, dieser Dienst aber nur eines liest.",
        fix: "Stellen Sie den Identitätsanbieter so ein, dass er eines sendet: eine einzige Assertion mit allen Attributen in einer einzigen Attributaussage.",
      },
      misplaced: {
        sentence:
          "Die Nachricht hat Inhalt an einer Stelle, an der dieser Dienst keinen unterstützt.",
        fix: "Schalten Sie beim Identitätsanbieter die Erweiterung oder das Plugin aus, das hinzufügt, was der Grund nennt. SAML lässt es vielleicht zu, aber dieser Dienst liest eine feste Form, damit in einer Nachricht keine zweite Identität versteckt sein kann.",
      },
      malformed: {
        sentence: "Die Nachricht hat nicht die Form, die SAML vorschreibt.",
        fix: REPORT_TO_VENDOR,
      },
    },
    "id-invalid": {
      characters: {
        sentence: "Eine ID in der Nachricht hat nicht unterstützte Zeichen oder ist zu lang.",
        fix: "Stellen Sie den Identitätsanbieter so ein, dass seine IDs aus höchstens 256 Buchstaben, Ziffern und den Zeichen _ . - + : bestehen, oder melden Sie den Grund seinem Hersteller.",
      },
      duplicate: {
        sentence: "Zwei Elemente der Nachricht haben dieselbe ID.",
        fix: "Melden Sie den Grund dem Hersteller Ihres Identitätsanbieters, wenn es bei jeder Anmeldung vorkommt. Eine Nachricht, die jemand verändert hat, sieht ebenso aus.",
      },
      place: {
        sentence:
          "Ein Attribut im XML heißt ID an einer Stelle, an der dieser Dienst keines annimmt.",
        fix: "Senden Sie den Attributwert nicht, der es enthält, oder schalten Sie die Erweiterung aus, die es hinzufügt. Es könnte für die ID eines signierten Elements gehalten werden.",
      },
    },
    "signature-invalid": {
      "other-certificate": {
        sentence:
          "Die Nachricht nennt ein Signaturzertifikat, das nicht in den Einstellungen steht.",
        fix: "Importieren Sie die aktuellen Metadaten des Identitätsanbieters. Wenn Sie das eben getan haben, importieren Sie die Metadaten genau dieser Anwendung: Viele Produkte signieren mit einem eigenen Zertifikat für jede. Übernehmen Sie nie ein Zertifikat aus einer Nachricht.",
      },
      "no-certificate": {
        sentence:
          "Die Signatur der Nachricht lässt sich mit keinem Zertifikat der Einstellungen bestätigen.",
        fix: "Importieren Sie die aktuellen Metadaten des Identitätsanbieters. Wenn Sie das eben getan haben, vergleichen Sie den Fingerabdruck, den der Identitätsanbieter für diese Anwendung zeigt, mit denen unter „Signaturzertifikate“: Seine Metadaten führen vielleicht ein altes Zertifikat oder das einer anderen Anwendung auf.",
      },
      altered: {
        sentence:
          "Das Signaturzertifikat steht in den Einstellungen, aber die Nachricht wurde nach dem Signieren verändert.",
        fix: "Suchen Sie, was die Nachricht unterwegs verändert, etwa ein Proxy oder ein Plugin. Manche Produkte verschlüsseln die Assertion, nachdem sie die Antwort signiert haben: Signieren Sie dann stattdessen die Assertion.",
      },
    },
    "algorithm-not-allowed": {
      signature: {
        sentence:
          "Die Nachricht ist mit einem Signaturalgorithmus signiert, der nicht zugelassen ist.",
        fix: `Wählen Sie beim Identitätsanbieter RSA mit SHA-256 als Signaturalgorithmus. ${WEAK_IF_NEEDED}`,
      },
      digest: {
        sentence: "Die Nachricht ist mit einem Hashalgorithmus signiert, der nicht zugelassen ist.",
        fix: `Wählen Sie beim Identitätsanbieter SHA-256 als Hashalgorithmus (Digest); oft ist das eine eigene Einstellung neben dem Signaturalgorithmus. ${WEAK_IF_NEEDED}`,
      },
      canonicalization: {
        sentence:
          "Die Signatur verwendet eine Kanonisierung oder Transformation, die nicht unterstützt wird.",
        fix: "Wählen Sie beim Identitätsanbieter für Signaturen die exklusive Kanonisierung (xml-exc-c14n) und keine Transformation außer der eingebetteten Signatur (enveloped).",
      },
      "data-encryption": {
        sentence:
          "Die Assertion ist mit einem Verschlüsselungsalgorithmus verschlüsselt, der nicht zugelassen ist.",
        fix: `Wählen Sie beim Identitätsanbieter AES-256-GCM als Verschlüsselungsalgorithmus; AES-128 und CBC funktionieren ebenfalls. ${WEAK_IF_NEEDED}`,
      },
      "key-transport": {
        sentence:
          "Der Schlüssel der verschlüsselten Assertion ist auf eine Art verschlüsselt, die nicht zugelassen ist.",
        fix: "Wählen Sie beim Identitätsanbieter RSA-OAEP für den Schlüsseltransport, mit SHA-1, SHA-256, SHA-384 oder SHA-512 und ohne Label. RSA 1.5 funktioniert nur in signierten Antworten, wenn es unter „Schwache Algorithmen zulassen“ gewählt ist und die Laufzeitumgebung es unterstützt.",
      },
    },
    "decryption-failed": {
      "other-key": {
        sentence:
          "Die Nachricht ist echt, aber kein Schlüssel dieses Dienstes entschlüsselt ihren verschlüsselten Teil.",
        fix: "Importieren Sie unsere Metadaten noch einmal beim Identitätsanbieter. Wahrscheinlich verschlüsselt er noch mit einem alten Zertifikat von uns.",
      },
      "other-certificate": {
        sentence: "Die Assertion ist für ein Zertifikat verschlüsselt, das nicht unseres ist.",
        fix: "Importieren Sie unsere Metadaten noch einmal beim Identitätsanbieter. Er verschlüsselt für das Zertifikat, das dieser Eintrag als empfangen zeigt.",
      },
      unsigned: {
        sentence:
          "Die verschlüsselte Assertion ist nicht verwendbar, und außerhalb der Verschlüsselung ist nichts signiert, was den Grund verraten würde.",
        fix: "Diese Ursachen sehen absichtlich gleich aus: ein altes Zertifikat von uns beim Identitätsanbieter; sein eigenes Signaturzertifikat wurde gewechselt oder ist abgelaufen; innen SHA-1 oder keine Signatur. Um sie zu unterscheiden, lassen Sie ihn auch die Antwort signieren oder schalten Sie die Verschlüsselung aus und führen Sie eine Testanmeldung aus: Der Eintrag nennt dann die Ursache.",
      },
    },
    "status-not-success": {
      "user-refused": {
        sentence:
          "Der Identitätsanbieter hat den Benutzer nicht authentifiziert oder den Zugriff verweigert.",
        fix: "Weisen Sie dem Benutzer diese Anwendung beim Identitätsanbieter zu, falls er nicht selbst abgebrochen hat. Was davon zutrifft, steht im Protokoll des Identitätsanbieters.",
      },
      "request-refused": {
        sentence: "Der Identitätsanbieter hat unsere Anfrage nicht angenommen.",
        fix: "Prüfen Sie beim Identitätsanbieter, ob unsere Entitäts-ID und ACS-URL so eingetragen sind, wie die Einstellungsseite sie zeigt. Wenn er signierte Anfragen verlangt, schalten Sie „Anfragen signieren“ ein und importieren Sie dort unsere Metadaten.",
      },
      "context-unavailable": {
        sentence:
          "Der Identitätsanbieter konnte den Benutzer auf keine der Arten authentifizieren, die die Verbindung anfordert.",
        fix: "Leeren Sie „Angeforderte Authentifizierungsklassen“ in den Einstellungen, oder geben Sie die Klassen ein, die der Identitätsanbieter dokumentiert. Wenn sie stimmen, prüfen Sie seine Anmelderichtlinie für diese Anwendung und ob der Benutzer sich auf diese Art anmelden kann. Ohne Angabe wählt der Identitätsanbieter.",
      },
      "not-passively": {
        sentence:
          "Der Identitätsanbieter hätte den Benutzer zur Anmeldung auffordern müssen, sollte aber nicht nachfragen.",
        fix: "Dieser Dienst verlangt das nie. Prüfen Sie, was die Anmeldung beginnt, etwa ein Link oder ein Proxy des Identitätsanbieters, und seine Richtlinie für diese Anwendung. Bei Benutzern, die sich zuerst beim Identitätsanbieter anmelden, funktioniert es.",
      },
      "name-id-unavailable": {
        sentence:
          "Der Identitätsanbieter kann die angeforderte NameID oder das angeforderte Attribut nicht senden.",
        fix: "Wählen Sie beim Identitätsanbieter ein NameID-Format, das er für diesen Benutzer füllen kann, am besten emailAddress.",
      },
      "logout-incomplete": {
        sentence: "Der Identitätsanbieter konnte nicht alle seine Sitzungen beenden.",
        fix: "Hier ist nichts zu tun: Der Benutzer ist von diesem Dienst abgemeldet. Welche Sitzungen bestehen bleiben, steht im Protokoll des Identitätsanbieters.",
      },
      other: {
        sentence: "Der Identitätsanbieter hat einen eigenen Fehler gemeldet.",
        fix: "Sehen Sie im Protokoll des Identitätsanbieters zur Zeit dieses Eintrags nach. Der Grund zeigt den Status, den er gesendet hat.",
      },
    },
    "issuer-mismatch": {
      "entity-id": {
        sentence: "Der Aussteller der Nachricht ist ein anderer als der in den Einstellungen.",
        fix: "Vergleichen Sie die beiden Werte, die dieser Eintrag zeigt. Importieren Sie die Metadaten des Identitätsanbieters, oder korrigieren Sie „Aussteller (Entitäts-ID)“ in den Einstellungen.",
      },
      format: {
        sentence: "Der Aussteller der Nachricht ist nicht als Entitäts-ID geschrieben.",
        fix: "Stellen Sie den Identitätsanbieter so ein, dass er seinen Issuer ohne Format sendet, oder mit dem, das dieser Eintrag als erwartet zeigt.",
      },
    },
    "request-unknown": {
      "no-cookie": {
        sentence:
          "Der Browser hat keines der Cookies gesendet, die dieser Dienst zu Beginn einer An- oder Abmeldung setzt.",
        fix: "Bitten Sie den Benutzer, Cookies für diese Website zuzulassen und im selben Browser noch einmal zu beginnen. Wenn alle betroffen sind, unterscheidet sich die Adresse, die die Benutzer aufrufen, wahrscheinlich im Schema oder Hostnamen von der Basis-URL dieses Dienstes, oder ein Proxy entfernt Cookies.",
      },
      waited: {
        sentence: "Der Benutzer hat beim Identitätsanbieter mehr als zehn Minuten gebraucht.",
        fix: "Bitten Sie den Benutzer, auf der Anmeldeseite noch einmal zu beginnen. Wenn es nur hin und wieder vorkommt, ist nichts zu tun.",
      },
      "other-request": {
        sentence:
          "Die Nachricht beantwortet eine andere Anfrage als die, die in diesem Browser offen sind.",
        fix: "Bitten Sie den Benutzer, auf der Anmeldeseite noch einmal zu beginnen. Übliche Ursachen sind die Zurück-Taste, ein Lesezeichen auf die Seite des Identitätsanbieters und viele Tabs.",
      },
    },
    "email-missing": {
      "in-name-id": {
        sentence:
          "Die NameID enthält eine E-Mail-Adresse, aber die Einstellungen suchen sie dort nicht.",
        fix: "Wählen Sie „Nur die NameID“ unter „Quelle der E-Mail-Adresse“. Ist die Quelle automatisch, so zählt die NameID, wenn der Identitätsanbieter sie im Format emailAddress sendet.",
      },
      "in-attribute": {
        sentence:
          "Ein Attribut enthält eine E-Mail-Adresse, aber die Einstellungen suchen sie nicht unter diesem Namen.",
        fix: "Wählen Sie „Ein Attribut“ unter „Quelle der E-Mail-Adresse“ und geben Sie den Namen ein, den der Grund nennt, wenn dies die Adresse ist, die den Benutzer kennzeichnet.",
      },
      "nothing-sent": {
        sentence: "Der Identitätsanbieter hat keine Attribute und keine E-Mail-Adresse gesendet.",
        fix: "Stellen Sie den Identitätsanbieter so ein, dass er dieser Anwendung die E-Mail-Adresse seiner Benutzer übermittelt, als Attribut oder als NameID im Format emailAddress.",
      },
      "not-sent": {
        sentence:
          "Der Identitätsanbieter hat Attribute gesendet, aber keines davon enthält eine E-Mail-Adresse.",
        fix: "Nehmen Sie die E-Mail-Adresse in das auf, was der Identitätsanbieter dieser Anwendung sendet. Wenn nur ein Benutzer betroffen ist, hat sein Verzeichniseintrag vielleicht keine Adresse.",
      },
    },
  },
};

const HERE = "von hier";

/** The steps at each identity provider in German; labels in the words of the English consoles. */
export const GERMAN_GUIDES: Readonly<Record<VendorId, IdentityProviderGuide>> = {
  "entra-id": {
    where:
      "Im Microsoft Entra Admin Center, mit der Rolle *Cloud Application Administrator* oder *Application Administrator*.",
    steps: [
      {
        text: "**Enterprise applications** › **New application** › **Create your own application**. Vergeben Sie einen Namen und wählen Sie **Integrate any other application you don't find in the gallery (Non-gallery)**.",
      },
      {
        text: "**Single sign-on** › **SAML** › **Upload metadata file**: {metadata}, als Datei gespeichert. Ohne die Datei füllen Sie **Basic SAML Configuration** aus:",
        head: ["bei Entra ID", HERE],
        rows: [
          ["Identifier (Entity ID)", "{entityId}"],
          ["Reply URL (Assertion Consumer Service URL)", "{acsUrl}"],
          ["Sign on URL (Optional)", "{signOnUrl}"],
          [
            "Relay State (Optional)",
            "ein Pfad der Plattform, auf dem Benutzer landen, etwa `/reports`",
          ],
          ["Logout Url (Optional)", "{sloUrl}"],
        ],
      },
      {
        text: "**Attributes & Claims**: Die vier voreingestellten Claims genügen. Lassen Sie **Unique User Identifier (Name ID)**, wie er ist.",
      },
      {
        text: "**SAML Certificates**: Kopieren Sie **App Federation Metadata Url** hier in die Metadaten-URL, weil neue Zertifikate dann von selbst kommen. Gibt es das Feld hier nicht: **Federation Metadata XML** › **Download**, und wählen Sie die Datei hier aus.",
      },
      {
        text: "**Users and groups** › **Add user/group**: alle Benutzer, die sich anmelden dürfen.",
      },
    ],
  },
  okta: {
    where: "In der Okta Admin Console, als Anwendungsadministrator.",
    steps: [
      {
        text: "**Applications** › **Applications** › **Create App Integration** › **SAML 2.0** › **Next**. Vergeben Sie einen Namen.",
      },
      {
        text: "Unter **Configure SAML**:",
        head: ["bei Okta", HERE],
        rows: [
          [
            "Single sign-on URL",
            "{acsUrl}; lassen Sie **Use this for Recipient URL and Destination URL** angekreuzt",
          ],
          ["Audience URI (SP Entity ID)", "{entityId}"],
          ["Default RelayState", "leer, oder ein Pfad der Plattform, auf dem Benutzer landen"],
          ["Name ID format", "**EmailAddress**"],
          ["Application username", "**Email**"],
        ],
      },
      {
        text: "**Attribute Statements (optional)**, mit dem Namensformat **Unspecified**:",
        head: ["Name", "Wert"],
        rows: [
          ["email", "user.email"],
          ["firstName", "user.firstName"],
          ["lastName", "user.lastName"],
          ["displayName", "user.displayName"],
        ],
      },
      {
        text: "**Next**, **Finish**. Öffnen Sie auf dem Tab **Sign On** die **Metadata URL** und fügen Sie das XML dieser Seite hier in die Einstellungen ein.",
      },
      {
        text: "Auf dem Tab **Assignments**: Weisen Sie mit **Assign** Personen oder Gruppen zu.",
      },
    ],
  },
  "google-workspace": {
    where: "In der Google Admin-Konsole, als Super Admin.",
    steps: [
      {
        text: "**Menu** › **Apps** › **Web and mobile apps** › **Add app** › **Add custom SAML app**. Vergeben Sie einen Namen, dann **Continue**.",
      },
      {
        text: "**Google Identity Provider details** › **Download metadata**. Fügen Sie die Datei hier in die Einstellungen ein. Dann **Continue**.",
      },
      {
        text: "Unter **Service provider details**:",
        head: ["bei Google", HERE],
        rows: [
          ["ACS URL", "{acsUrl}; Google verlangt `https`"],
          ["Entity ID", "{entityId}"],
          [
            "Start URL",
            "leer, oder ein Pfad der Plattform, auf dem Benutzer landen, etwa `/reports`",
          ],
          ["Signed response", "beides möglich"],
          ["Name ID format", "**EMAIL**"],
          ["Name ID", "**Basic Information › Primary email**"],
        ],
      },
      {
        text: "Unter **Attribute mapping** › **Add mapping**:",
        head: ["Google Directory attributes", "App attributes"],
        rows: [
          ["Primary email", "email"],
          ["First name", "firstName"],
          ["Last name", "lastName"],
        ],
      },
      {
        text: "**Finish**, dann **User access** › **ON for everyone**, oder nur für die Organisationseinheiten oder Gruppen, die sich anmelden dürfen. Das wirkt meist nach Minuten, manchmal erst nach einem Tag.",
      },
    ],
  },
  "ad-fs": {
    where:
      "In der AD-FS-Verwaltung auf dem Verbundserver, AD FS 3.0 (Windows Server 2012 R2) oder neuer.",
    steps: [
      {
        text: "**Relying Party Trusts** › **Add Relying Party Trust** › **Claims aware** › **Start**.",
      },
      {
        text: "**Import data about the relying party published online or on a local network**: {metadataUrl}. Wenn der Server diese URL nicht erreicht, speichern Sie die Datei und wählen Sie **Import data about the relying party from a file**. Von Hand sind die Felder:",
        head: ["bei AD FS", HERE],
        rows: [
          ["Relying party SAML 2.0 SSO service URL", "{acsUrl}"],
          ["Relying party trust identifier", "{entityId}"],
        ],
      },
      {
        text: "Wählen Sie die **Access Control Policy**, dann **Next**, **Close**.",
      },
      {
        text: "**Edit Claim Issuance Policy** › **Add Rule** › **Send LDAP Attributes as Claims**, Attributspeicher **Active Directory**:",
        head: ["LDAP Attribute", "Outgoing Claim Type"],
        rows: [
          ["E-Mail-Addresses", "E-Mail Address"],
          ["Given-Name", "Given Name"],
          ["Surname", "Surname"],
        ],
      },
      {
        text: "**Add Rule** › **Transform an Incoming Claim**: eingehender Anspruchstyp **E-Mail Address**, ausgehender Anspruchstyp **Name ID**, ausgehendes Namens-ID-Format **Email**, **Pass through all claim values**.",
      },
      {
        text: "Fügen Sie `https://IHR-SERVER/FederationMetadata/2007-06/FederationMetadata.xml` hier in die Einstellungen ein (das XML, nicht die URL).",
      },
    ],
  },
  onelogin: {
    where: "In der OneLogin-Verwaltung, als Account Owner oder Super User.",
    steps: [
      {
        text: "**Applications** › **Applications** › **Add App**, suchen Sie **SAML Custom Connector (Advanced)**, vergeben Sie einen Namen, dann **Save**.",
      },
      {
        text: "Unter **Configuration**:",
        head: ["bei OneLogin", HERE],
        rows: [
          ["Audience (EntityID)", "{entityId}"],
          ["Recipient", "{acsUrl}"],
          ["ACS (Consumer) URL Validator", "die ACS-URL als regulärer Ausdruck: {acsUrlPattern}"],
          ["ACS (Consumer) URL", "{acsUrl}"],
          ["Single Logout URL", "{sloUrl}"],
          ["Login URL", "{loginUrl}"],
          [
            "SAML initiator",
            "**OneLogin**; **Service Provider**, wenn Anmeldungen vom Identitätsanbieter aus hier ausgeschaltet sind",
          ],
          ["SAML nameID format", "**Email**"],
          ["SAML signature element", "jede der drei Möglichkeiten"],
        ],
      },
      {
        text: "**Parameters**: **NameID value** bleibt **Email**. Dazu mit **+**, und mit angekreuztem **Include in SAML assertion**:",
        head: ["Field name", "Value"],
        rows: [
          ["User.email", "Email"],
          ["User.FirstName", "First Name"],
          ["User.LastName", "Last Name"],
        ],
      },
      {
        text: "Unter **SSO** › **SAML Signature Algorithm**: **SHA-256**. Dann **Save**.",
      },
      {
        text: "**More Actions** › **SAML Metadata**: Fügen Sie die Datei hier in die Einstellungen ein.",
      },
      {
        text: "**Access** oder **Users**: alle Benutzer, die sich anmelden dürfen.",
      },
    ],
  },
  keycloak: {
    where: "In der Keycloak Admin Console, im Realm der Benutzer, die sich anmelden werden.",
    steps: [
      {
        text: "**Clients** › **Import client** › **Browse**: {metadata}, als Datei gespeichert. Das füllt alle Felder aus. Von Hand geht es mit **Create client**:",
        head: ["bei Keycloak", HERE],
        rows: [
          ["Client type", "SAML"],
          ["Client ID", "{entityId}"],
          ["Valid redirect URIs", "{acsUrl}"],
          ["Master SAML Processing URL", "{acsUrl}"],
          ["Advanced › Logout Service Redirect Binding URL", "{sloUrl}"],
        ],
      },
      {
        text: "**Settings** › **SAML capabilities**: **Name ID format** *email*, **Force POST binding** und **Include AuthnStatement** *On*.",
      },
      {
        text: "**Settings** › **Signature and Encryption**: **Sign documents** *On*, **Signature algorithm** *RSA_SHA256*.",
      },
      {
        text: "**Keys** › **Client signature required**: *On* nur, wenn *Anfragen signieren* hier eingeschaltet ist; importieren Sie dann unser Zertifikat mit **Import key**.",
      },
      {
        text: "**Client scopes** › *Entitäts-ID*`-dedicated` › **Add predefined mapper**: **X500 email**, **X500 givenName**, **X500 surname**.",
      },
      {
        text: "**Realm settings** › **General** › **Endpoints** › **SAML 2.0 Identity Provider Metadata**: Fügen Sie das XML hier in die Einstellungen ein.",
      },
    ],
  },
  shibboleth: {
    where:
      "Auf dem Server des Shibboleth IdP, Version 4 oder 5; Pfade gelten unterhalb seines Hauptordners.",
    steps: [
      {
        text: "Speichern Sie {metadata} als `metadata/platform.xml` und tragen Sie die Datei in `conf/metadata-providers.xml` ein:",
        code: '<MetadataProvider id="Platform" xsi:type="FilesystemMetadataProvider"\n                  metadataFile="%{idp.home}/metadata/platform.xml"/>',
      },
      {
        text: "Geben Sie die Attribute in `conf/attribute-filter.xml` frei:",
        code: '<AttributeFilterPolicy id="platform">\n  <PolicyRequirementRule xsi:type="Requester" value="{entityId}"/>\n  <AttributeRule attributeID="mail" permitAny="true"/>\n  <AttributeRule attributeID="displayName" permitAny="true"/>\n  <AttributeRule attributeID="givenName" permitAny="true"/>\n  <AttributeRule attributeID="sn" permitAny="true"/>\n</AttributeFilterPolicy>',
        further: "`value` ist unsere {entityId}.",
      },
      {
        text: "Führen Sie `bin/reload-metadata.sh -id Platform` und `bin/reload-service.sh -id shibboleth.AttributeFilterService` aus.",
      },
      {
        text: "Fügen Sie `https://IHR-SERVER/idp/shibboleth` hier in die Einstellungen ein (das XML, nicht die URL).",
      },
    ],
  },
  simplesamlphp: {
    where:
      "Auf dem Server von SimpleSAMLphp, 1.19 oder 2. Unsere Tests laufen gegen 1.19, wie Debian es paketiert.",
    steps: [
      {
        text: "**Federation** › **Tools** › **XML to SimpleSAMLphp metadata converter**: Fügen Sie {metadata} ein, dann **Parse**, und übernehmen Sie das Ergebnis in `metadata/saml20-sp-remote.php`.",
      },
      {
        text: "Fügen Sie die Metadaten des Identitätsanbieters hier in die Einstellungen ein: **Federation** › **SAML 2.0 IdP Metadata**, oder `/saml2/idp/metadata.php` (Version 2: `/module.php/saml/idp/metadata`) unterhalb seiner Basis-URL.",
      },
    ],
  },
  "lemonldap-ng": {
    where:
      "Im Manager von LemonLDAP::NG, Version 2. Unsere Tests laufen gegen 2.16, wie Debian es paketiert.",
    steps: [
      {
        text: "**General Parameters** › **Issuer modules** › **SAML** › **Activation**: *On*, also eingeschaltet.",
      },
      {
        text: "**SAML2 Service** › **Security parameters** › **Signature**: **New certificate**, wenn es noch keines gibt. Ein bloßer öffentlicher Schlüssel, wie ihn Versionen vor 2.0.10 erzeugten, genügt nicht: Wandeln Sie ihn um, wie es die [Dokumentation](https://lemonldap-ng.org/documentation/latest/samlservice.html) beschreibt.",
      },
      {
        text: "**SAML Service Providers** › **Add SAML SP**, dann **Metadata**: Fügen Sie {metadata} ein, oder **Load from URL**.",
      },
      {
        text: "**Exported attributes**, jeweils mit *variable name* und *attribute name*: `mail` als `mail` (verpflichtend), `cn` als `displayName`, `givenName` als `givenName`, `sn` als `sn`. Die letzten beiden müssen auch unter den **Exported variables** des Benutzer-Backends stehen.",
      },
      {
        text: "**Options** › **Security** › **Enable use of IDP initiated URL**: *On*, wenn Benutzer im Portal beginnen.",
      },
      {
        text: "Speichern Sie mit **Save**.",
      },
      {
        text: "Fügen Sie die Metadaten unter `https://IHR-PORTAL/saml/metadata` hier in die Einstellungen ein.",
      },
    ],
  },
};
