<?php
$s = require dirname(__DIR__) . '/settings.php';
$users = ['exampleauth:UserPass'];
foreach ($s['users'] as $u) {
    $users[$u['username'] . ':' . $u['password']] = $u['attributes'];
}
$config = ['admin' => ['core:AdminPassword'], 'test-users' => $users];
