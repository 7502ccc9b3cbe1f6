<?php
$s = require dirname(__DIR__) . '/settings.php';
$state = rtrim($s['stateDir'], '/');
$config = [
    // full URL: links, redirects and the endpoints in the metadata are built from it
    'baseurlpath' => rtrim($s['baseUrl'], '/') . '/',
    'certdir' => $state . '/cert/',
    'loggingdir' => $state . '/log/',
    'datadir' => $state . '/data/',
    'tempdir' => $state . '/tmp',
    'metadatadir' => dirname(__DIR__) . '/metadata/',
    'metadata.sources' => isset($s['serviceProviderMetadata'])
        ? [['type' => 'flatfile'], ['type' => 'xml', 'file' => $s['serviceProviderMetadata']]]
        : [['type' => 'flatfile']],
    'timezone' => 'UTC',
    'secretsalt' => $s['secretSalt'],
    'auth.adminpassword' => $s['adminPassword'],
    'technicalcontact_name' => 'Test IdP',
    'technicalcontact_email' => 'na@example.org',

    'enable.saml20-idp' => true,
    'module.enable' => ['core' => true, 'saml' => true, 'exampleauth' => true],

    'store.type' => 'sql',
    'store.sql.dsn' => 'sqlite:' . $state . '/data/store.sq3',
    'store.sql.prefix' => 'ssp',

    // plain http on loopback: Secure cookies and SameSite=None would be dropped by browsers
    'session.cookie.secure' => false,
    'session.cookie.samesite' => null,
    'session.phpsession.httponly' => true,
    'session.cookie.name' => 'SSPIDP',
    'session.authtoken.cookiename' => 'SSPIDPAuthToken',
    'language.cookie.secure' => false,
    'language.cookie.samesite' => null,
    'session.duration' => 8 * 3600,
    'session.datastore.timeout' => 4 * 3600,
    'session.state.timeout' => 3600,

    'trusted.url.domains' => ['127.0.0.1'],
    'logging.level' => 7,
    'logging.handler' => 'file',
    'logging.logfile' => 'simplesamlphp.log',
    'showerrors' => true,
    'errorreporting' => false,
    'debug' => ['saml' => false, 'backtraces' => true, 'validatexml' => false],
    'admin.checkforupdates' => false,
    'language.default' => 'en',
    'language.available' => ['en'],
    'theme.use' => 'default',
    'production' => true,
];
