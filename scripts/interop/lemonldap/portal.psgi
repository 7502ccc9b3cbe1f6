# LemonLDAP::NG's portal, and the URL below which it reads its newest configuration.
#
#     plackup portal.psgi
#
# LLNG_DEFAULTCONFFILE names lemonldap-ng.ini.

use strict;
use warnings;
use Lemonldap::NG::Handler::PSGI::Main;
use Lemonldap::NG::Portal::Main;

my $main = Lemonldap::NG::Portal::Main->new( {} );
$main->init( {} ) or die $main->error;
my $portal = $main->run;

sub {
    my ($env) = @_;
    return $portal->($env) if $env->{PATH_INFO} ne '/reload';

    # As the handler does on the address that the manager's "reload" calls.
    my $read = Lemonldap::NG::Handler::PSGI::Main->checkConf(1);
    return [ $read ? 204 : 500, [], [] ];
};
