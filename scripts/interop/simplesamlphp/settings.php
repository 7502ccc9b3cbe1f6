<?php
// Read on each request: a test rewrites the file, and the next sign-in obeys it without a restart.
$file = getenv('INTEROP_IDP_SETTINGS');
if ($file === false || !is_readable($file)) {
    throw new \RuntimeException('INTEROP_IDP_SETTINGS does not name a readable file');
}
return json_decode(file_get_contents($file), true, 64, JSON_THROW_ON_ERROR);
