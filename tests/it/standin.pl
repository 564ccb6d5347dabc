#!/usr/bin/perl
# standin.pl FILE [STATUS]: an HTTP server, as many requests at once as come:
# each is appended to FILE as a line of JSON {path, headers, body}; the answer
# has the bytes of FILE.answer and the status of FILE.status, if there are such
# files, and is held back while there is a FILE.hold. Says "standin: ready URL".
use strict;
use warnings;
use IO::Socket::INET;
use JSON::PP;

my ($file, $status) = (@ARGV, '200 OK');
my $s = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1:0', ReuseAddr => 1) or die "$!\n";
my $server = $$;
$SIG{TERM} = sub { exit 0 };
$SIG{PIPE} = $SIG{CHLD} = 'IGNORE';
printf STDERR "standin: ready http://127.0.0.1:%d\n", $s->sockport;

# content PATH FALLBACK: of a file
sub content {
	my ($path, $fallback) = @_;
	open my $f, '<:raw', $path or return $fallback;
	local $/;
	return <$f> // $fallback;
}

sub serve {
	my ($c) = @_;
	my ($first, %h, $body) = (scalar <$c>);
	return unless defined $first;
	while (defined(my $l = <$c>)) {
		$l =~ s/\r?\n\z//;
		last if $l eq '';
		$h{lc $1} = $2 if $l =~ /^([^:]+):\s*(.*)/;
	}
	read $c, $body, $h{'content-length'} // 0;
	my ($path) = $first =~ m{^\w+ (\S+)};
	open my $f, '>>', $file or die;
	$f->autoflush(0);
	print $f JSON::PP->new->canonical->latin1->encode({path => $path, headers => \%h, body => $body}), "\n";
	close $f;
	select undef, undef, undef, 0.02 while -e "$file.hold" && getppid == $server;
	my $answer = content("$file.answer", '');
	chomp(my $said = content("$file.status", $status));
	print $c "HTTP/1.1 $said\r\nContent-Length: ", length $answer, "\r\nConnection: close\r\n\r\n$answer";
}

while (1) {
	my $c = $s->accept or next;
	my $child = fork;
	die "fork: $!\n" unless defined $child;
	if (!$child) {
		$SIG{TERM} = 'DEFAULT';
		close $s;
		serve($c);
		exit 0;
	}
	close $c;
}
