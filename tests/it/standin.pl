#!/usr/bin/perl
# standin.pl FILE [STATUS]: an HTTP server for one request after another: each
# is appended to FILE as a line of JSON {path, headers, body}; the answer has
# the bytes of FILE.answer, if there is one. Says "standin: ready URL".
use strict;
use warnings;
use IO::Socket::INET;
use JSON::PP;

my ($file, $status) = (@ARGV, '200 OK');
my $s = IO::Socket::INET->new(Listen => 16, LocalAddr => '127.0.0.1:0', ReuseAddr => 1) or die "$!\n";
$SIG{TERM} = sub { exit 0 };
$SIG{PIPE} = 'IGNORE';
printf STDERR "standin: ready http://127.0.0.1:%d\n", $s->sockport;
while (my $c = $s->accept) {
	my ($first, %h, $body) = (scalar <$c>);
	next unless defined $first;
	while (defined(my $l = <$c>) ) {
		$l =~ s/\r?\n\z//;
		last if $l eq '';
		$h{lc $1} = $2 if $l =~ /^([^:]+):\s*(.*)/;
	}
	read $c, $body, $h{'content-length'} // 0;
	my ($path) = $first =~ m{^\w+ (\S+)};
	open my $f, '>>', $file or die;
	print $f JSON::PP->new->canonical->latin1->encode({path => $path, headers => \%h, body => $body}), "\n";
	close $f;
	my $answer = '';
	if (open my $a, '<:raw', "$file.answer") { local $/; $answer = <$a>; }
	print $c "HTTP/1.1 $status\r\nContent-Length: ", length $answer, "\r\nConnection: close\r\n\r\n$answer";
	close $c;
}
