<?php
$s = require dirname(__DIR__) . '/settings.php';
foreach ($s['serviceProviders'] ?? [] as $entityId => $sp) {
    $sp['AssertionConsumerService'] = [[
        'index' => 0, 'isDefault' => true,
        'Binding' => 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
        'Location' => $sp['acs'],
    ]];
    if (isset($sp['slo'])) {
        $sp['SingleLogoutService'] = [[
            'Binding' => 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
            'Location' => $sp['slo'],
        ]];
    }
    if (isset($sp['certificatePem'])) {
        $sp['keys'] = [[
            'encryption' => true, 'signing' => true, 'type' => 'X509Certificate',
            'X509Certificate' => preg_replace('/-----[^-]+-----|\s+/', '', $sp['certificatePem']),
        ]];
    }
    unset($sp['acs'], $sp['slo'], $sp['certificatePem']);
    $metadata[$entityId] = $sp;
}
