<?php
$s = require dirname(__DIR__) . '/settings.php';
$email = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
$redirect = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
$post = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
$metadata[$s['entityId']] = array_merge([
    'host' => '__DEFAULT__',
    'privatekey' => $s['signWith'] . '.key',
    'certificate' => $s['signWith'] . '.crt',
    'auth' => 'test-users',
    'NameIDFormat' => [$email],
    'attributes.NameFormat' => 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
    'sign.logout' => true,
    'SingleSignOnServiceBinding' => [$redirect, $post],
    'SingleLogoutServiceBinding' => [$redirect, $post],
    'authproc' => [
        1 => ['class' => 'saml:AttributeNameID', 'attribute' => 'mail', 'Format' => $email],
        2 => ['class' => 'saml:TransientNameID'],
    ],
], isset($s['announce']) ? [
    // The key that signs from some day on; it is in the metadata before.
    'new_privatekey' => $s['announce'] . '.key',
    'new_certificate' => $s['announce'] . '.crt',
] : [], $s['idp'] ?? []);
