import type { VendorId } from "../attribute-presets.ts";

/** One step at the identity provider. Texts may contain `**bold**`, `*words*`, code and {@link GuideValue}s. */
export interface GuideStep {
  /** What to do. */
  readonly text: string;
  /** Heads of the two columns of {@link rows}. */
  readonly head?: readonly [string, string];
  /** What to enter where. */
  readonly rows?: readonly (readonly [string, string])[];
  /** Lines of a file. */
  readonly code?: string;
  /** A paragraph behind the rest. */
  readonly further?: string;
}

/** How to set one identity provider up. */
export interface IdentityProviderGuide {
  /** Where, and with which rights. */
  readonly where: string;
  /** In order. */
  readonly steps: readonly GuideStep[];
}

/**
 * A value of ours within a guide's text, in braces: the settings page shows it, the documentation
 * names it.
 */
export const GUIDE_VALUES = {
  entityId: "entity ID",
  acsUrl: "ACS URL",
  acsUrlPattern: "`^https:\\/\\/app\\.example\\/saml\\/acs$`",
  metadata: "our metadata",
  metadataUrl: "the URL of our metadata",
  loginUrl: "login URL",
  signOnUrl:
    "leave empty, so that the tile signs users in directly; enter the login URL if sign-in from the identity provider is turned off here",
  sloUrl: "logout URL, if the host offers single logout",
} as const;

export type GuideValue = keyof typeof GUIDE_VALUES;

/** Those that the settings page offers to copy. */
export type CopiedValue = Exclude<GuideValue, "metadata" | "signOnUrl">;

/**
 * The steps at each identity provider, in the words of its console. docs/identity-providers has the
 * same ones: `npm run docs:guides` writes them there, and a test compares.
 */
export const IDENTITY_PROVIDER_GUIDES: Readonly<Record<VendorId, IdentityProviderGuide>> = {
  "entra-id": {
    where:
      "In the Microsoft Entra admin center, with the role *Cloud Application Administrator* or *Application Administrator*.",
    steps: [
      {
        text: "**Enterprise applications** › **New application** › **Create your own application**. Give it a name and choose **Integrate any other application you don't find in the gallery (Non-gallery)**.",
      },
      {
        text: "**Single sign-on** › **SAML** › **Upload metadata file**: {metadata}, saved as a file. Without the file, fill in **Basic SAML Configuration**:",
        head: ["at Entra ID", "from here"],
        rows: [
          ["Identifier (Entity ID)", "{entityId}"],
          ["Reply URL (Assertion Consumer Service URL)", "{acsUrl}"],
          ["Sign on URL (Optional)", "{signOnUrl}"],
          ["Relay State (Optional)", "a path of the platform to land on, such as `/reports`"],
          ["Logout Url (Optional)", "{sloUrl}"],
        ],
      },
      {
        text: "**Attributes & Claims**: the four default claims are enough. Leave **Unique User Identifier (Name ID)** as it is.",
      },
      {
        text: "**SAML Certificates**: copy **App Federation Metadata Url** into the metadata URL here, because new certificates then come by themselves. Without that field here: **Federation Metadata XML** › **Download**, and choose the file here.",
      },
      {
        text: "**Users and groups** › **Add user/group**: all users who may sign in.",
      },
    ],
  },
  okta: {
    where: "In the Okta Admin Console, as an application administrator.",
    steps: [
      {
        text: "**Applications** › **Applications** › **Create App Integration** › **SAML 2.0** › **Next**. Give it a name.",
      },
      {
        text: "**Configure SAML**:",
        head: ["at Okta", "from here"],
        rows: [
          [
            "Single sign-on URL",
            "{acsUrl}; leave **Use this for Recipient URL and Destination URL** ticked",
          ],
          ["Audience URI (SP Entity ID)", "{entityId}"],
          ["Default RelayState", "empty, or a path of the platform to land on"],
          ["Name ID format", "**EmailAddress**"],
          ["Application username", "**Email**"],
        ],
      },
      {
        text: "**Attribute Statements (optional)**, with the name format **Unspecified**:",
        head: ["Name", "Value"],
        rows: [
          ["email", "user.email"],
          ["firstName", "user.firstName"],
          ["lastName", "user.lastName"],
          ["displayName", "user.displayName"],
        ],
      },
      {
        text: "**Next**, **Finish**. On the tab **Sign On**, open the **Metadata URL** and paste the page's XML into the settings here.",
      },
      {
        text: "On the tab **Assignments**, **Assign** people or groups.",
      },
    ],
  },
  "google-workspace": {
    where: "In the Google Admin console, as a super administrator.",
    steps: [
      {
        text: "**Menu** › **Apps** › **Web and mobile apps** › **Add app** › **Add custom SAML app**. Give it a name, **Continue**.",
      },
      {
        text: "**Google Identity Provider details** › **Download metadata**. Paste the file into the settings here. **Continue**.",
      },
      {
        text: "**Service provider details**:",
        head: ["at Google", "from here"],
        rows: [
          ["ACS URL", "{acsUrl}; Google requires `https`"],
          ["Entity ID", "{entityId}"],
          ["Start URL", "empty, or a path of the platform to land on, such as `/reports`"],
          ["Signed response", "either"],
          ["Name ID format", "**EMAIL**"],
          ["Name ID", "**Basic Information › Primary email**"],
        ],
      },
      {
        text: "**Attribute mapping** › **Add mapping**:",
        head: ["Google Directory attributes", "App attributes"],
        rows: [
          ["Primary email", "email"],
          ["First name", "firstName"],
          ["Last name", "lastName"],
        ],
      },
      {
        text: "**Finish**, then **User access** › **ON for everyone**, or for the organizational units or groups that may sign in. It usually takes effect within minutes, sometimes within a day.",
      },
    ],
  },
  "ad-fs": {
    where:
      "In AD FS Management on the federation server, AD FS 3.0 (Windows Server 2012 R2) or later.",
    steps: [
      {
        text: "**Relying Party Trusts** › **Add Relying Party Trust** › **Claims aware** › **Start**.",
      },
      {
        text: "**Import data about the relying party published online or on a local network**: {metadataUrl}. If the server cannot reach it, save the file and choose **Import data about the relying party from a file**. By hand, the fields are:",
        head: ["at AD FS", "from here"],
        rows: [
          ["Relying party SAML 2.0 SSO service URL", "{acsUrl}"],
          ["Relying party trust identifier", "{entityId}"],
        ],
      },
      {
        text: "Choose the **Access Control Policy**, **Next**, **Close**.",
      },
      {
        text: "**Edit Claim Issuance Policy** › **Add Rule** › **Send LDAP Attributes as Claims**, attribute store **Active Directory**:",
        head: ["LDAP Attribute", "Outgoing Claim Type"],
        rows: [
          ["E-Mail-Addresses", "E-Mail Address"],
          ["Given-Name", "Given Name"],
          ["Surname", "Surname"],
        ],
      },
      {
        text: "**Add Rule** › **Transform an Incoming Claim**: incoming claim type **E-Mail Address**, outgoing claim type **Name ID**, outgoing name ID format **Email**, **Pass through all claim values**.",
      },
      {
        text: "Paste `https://YOUR-SERVER/FederationMetadata/2007-06/FederationMetadata.xml` into the settings here (the XML, not the URL).",
      },
    ],
  },
  onelogin: {
    where: "In the OneLogin administration, as an account owner or super user.",
    steps: [
      {
        text: "**Applications** › **Applications** › **Add App**, search for **SAML Custom Connector (Advanced)**, give it a name, **Save**.",
      },
      {
        text: "**Configuration**:",
        head: ["at OneLogin", "from here"],
        rows: [
          ["Audience (EntityID)", "{entityId}"],
          ["Recipient", "{acsUrl}"],
          ["ACS (Consumer) URL Validator", "the ACS URL as a regular expression: {acsUrlPattern}"],
          ["ACS (Consumer) URL", "{acsUrl}"],
          ["Single Logout URL", "{sloUrl}"],
          ["Login URL", "{loginUrl}"],
          [
            "SAML initiator",
            "**OneLogin**; **Service Provider** if sign-in from the identity provider is turned off here",
          ],
          ["SAML nameID format", "**Email**"],
          ["SAML signature element", "any of the three"],
        ],
      },
      {
        text: "**Parameters**: **NameID value** stays **Email**. With **+**, and **Include in SAML assertion** ticked:",
        head: ["Field name", "Value"],
        rows: [
          ["User.email", "Email"],
          ["User.FirstName", "First Name"],
          ["User.LastName", "Last Name"],
        ],
      },
      {
        text: "**SSO** › **SAML Signature Algorithm** › **SHA-256**. **Save**.",
      },
      {
        text: "**More Actions** › **SAML Metadata**: paste the file into the settings here.",
      },
      {
        text: "**Access** or **Users**: all users who may sign in.",
      },
    ],
  },
  keycloak: {
    where: "In the Keycloak admin console, in the realm of the users who will sign in.",
    steps: [
      {
        text: "**Clients** › **Import client** › **Browse**: {metadata}, saved as a file. This fills in all fields. To enter them manually, use **Create client**:",
        head: ["at Keycloak", "from here"],
        rows: [
          ["Client type", "SAML"],
          ["Client ID", "{entityId}"],
          ["Valid redirect URIs", "{acsUrl}"],
          ["Master SAML Processing URL", "{acsUrl}"],
          ["Advanced › Logout Service Redirect Binding URL", "{sloUrl}"],
        ],
      },
      {
        text: "**Settings** › **SAML capabilities**: **Name ID format** *email*, **Force POST binding** and **Include AuthnStatement** *On*.",
      },
      {
        text: "**Settings** › **Signature and Encryption**: **Sign documents** *On*, **Signature algorithm** *RSA_SHA256*.",
      },
      {
        text: "**Keys** › **Client signature required**: *On* only if *Sign requests* is turned on here; then import our certificate with **Import key**.",
      },
      {
        text: "**Client scopes** › *entity ID*`-dedicated` › **Add predefined mapper**: **X500 email**, **X500 givenName**, **X500 surname**.",
      },
      {
        text: "**Realm settings** › **General** › **Endpoints** › **SAML 2.0 Identity Provider Metadata**: paste the XML into the settings here.",
      },
    ],
  },
  shibboleth: {
    where: "On the server of Shibboleth IdP, version 4 or 5; paths are below its home folder.",
    steps: [
      {
        text: "Save {metadata} as `metadata/platform.xml` and register it in `conf/metadata-providers.xml`:",
        code: '<MetadataProvider id="Platform" xsi:type="FilesystemMetadataProvider"\n                  metadataFile="%{idp.home}/metadata/platform.xml"/>',
      },
      {
        text: "Release the attributes in `conf/attribute-filter.xml`:",
        code: '<AttributeFilterPolicy id="platform">\n  <PolicyRequirementRule xsi:type="Requester" value="{entityId}"/>\n  <AttributeRule attributeID="mail" permitAny="true"/>\n  <AttributeRule attributeID="displayName" permitAny="true"/>\n  <AttributeRule attributeID="givenName" permitAny="true"/>\n  <AttributeRule attributeID="sn" permitAny="true"/>\n</AttributeFilterPolicy>',
        further: "`value` is our {entityId}.",
      },
      {
        text: "`bin/reload-metadata.sh -id Platform`, `bin/reload-service.sh -id shibboleth.AttributeFilterService`.",
      },
      {
        text: "Paste `https://YOUR-SERVER/idp/shibboleth` (the XML, not the URL) into the settings here.",
      },
    ],
  },
  simplesamlphp: {
    where:
      "On the server of SimpleSAMLphp, 1.19 or 2. Our tests run against 1.19 as Debian packages it.",
    steps: [
      {
        text: "**Federation** › **Tools** › **XML to SimpleSAMLphp metadata converter**: paste {metadata}, **Parse**, and put the result into `metadata/saml20-sp-remote.php`.",
      },
      {
        text: "Paste the identity provider's metadata into the settings here: **Federation** › **SAML 2.0 IdP Metadata**, or `/saml2/idp/metadata.php` (version 2: `/module.php/saml/idp/metadata`) below its base URL.",
      },
    ],
  },
  "lemonldap-ng": {
    where:
      "In the manager of LemonLDAP::NG, version 2. Our tests run against 2.16 as Debian packages it.",
    steps: [
      {
        text: "**General Parameters** › **Issuer modules** › **SAML** › **Activation**: *On*.",
      },
      {
        text: "**SAML2 Service** › **Security parameters** › **Signature**: **New certificate**, unless there is one. A plain public key, which versions before 2.0.10 made, is not enough: convert it as the [documentation](https://lemonldap-ng.org/documentation/latest/samlservice.html) says.",
      },
      {
        text: "**SAML Service Providers** › **Add SAML SP**, then **Metadata**: paste {metadata}, or **Load from URL**.",
      },
      {
        text: "**Exported attributes**, each with *variable name* and *attribute name*: `mail` as `mail` (mandatory), `cn` as `displayName`, `givenName` as `givenName`, `sn` as `sn`. The last two must be among the **Exported variables** of the users' backend, too.",
      },
      {
        text: "**Options** › **Security** › **Enable use of IDP initiated URL**: *On*, if users start at the portal.",
      },
      {
        text: "**Save**.",
      },
      {
        text: "Paste the metadata at `https://YOUR-PORTAL/saml/metadata` into the settings here.",
      },
    ],
  },
};
