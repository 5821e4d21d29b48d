# Perl's opinion of a mail: its subject, its sender and both parts, as JSON.
use strict;
use warnings;
use Email::MIME;
use JSON::PP;

local $/;
my $mail = Email::MIME->new(<STDIN>);
my @parts = map { { type => ( split /;/, $_->content_type )[0], text => $_->body_str } } $mail->subparts;
print JSON::PP->new->ascii->canonical->encode(
    { subject => $mail->header_str('Subject'), from => $mail->header_str('From'), parts => \@parts } );
