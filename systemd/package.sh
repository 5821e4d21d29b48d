#!/bin/bash
# Builds a Debian package of outboxd for this machine's architecture, and prints its path.
#
#     systemd/package.sh [--binary FILE] [DIRECTORY]
#
# The package is put into DIRECTORY (here by default). --binary takes a release binary that was
# built already, with Swift's runtime in it: `swift build -c release --product outboxd
# --static-swift-stdlib`. Needs dpkg-dev and binutils. Any user can run it.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

binary=
if [[ ${1-} == --binary ]]; then
    binary=${2:?--binary needs a FILE}
    shift 2
fi
directory=${1:-.}
mkdir -p "$directory"

if [[ -z $binary ]]; then
    build=(--package-path "$root" -c release --product outboxd --static-swift-stdlib)
    swift build "${build[@]}" >&2
    binary=$(swift build "${build[@]}" --show-bin-path)/outboxd
fi

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
umask 022
put() { install -D -m "${3:-0644}" "$1" "$tree/root/$2"; }
# As it is read in a package: compressed, without a time.
packed() { mkdir -p "$tree/root/$(dirname "$1")" && gzip -9n >"$tree/root/$1"; }

# The program, and what it prints about itself.
mkdir -p "$tree/root/usr/bin"
strip --strip-unneeded -o "$tree/root/usr/bin/outboxd" "$binary"
chmod 0755 "$tree/root/usr/bin/outboxd"
outboxd=$tree/root/usr/bin/outboxd
version=$("$outboxd" --version | grep -o '[0-9][0-9.]*' | head -1)
"$outboxd" man | packed usr/share/man/man8/outboxd.8.gz
for shell in bash zsh fish; do "$outboxd" completions "$shell" >"$tree/$shell"; done
put "$tree/bash" usr/share/bash-completion/completions/outboxd
put "$tree/zsh" usr/share/zsh/vendor-completions/_outboxd
put "$tree/fish" usr/share/fish/vendor_completions.d/outboxd.fish

# The service. /lib is where Debian 12's tools look; it is /usr/lib.
put "$root/systemd/outboxd.service" lib/systemd/system/outboxd.service
put "$root/systemd/outboxd-drain@.service" lib/systemd/system/outboxd-drain@.service
put "$root/systemd/outboxd.sysusers" usr/lib/sysusers.d/outboxd.conf
put "$root/systemd/outboxd.tmpfiles" usr/lib/tmpfiles.d/outboxd.conf

# What is read. The settings are no file of the package's: an upgrade asks nobody about them.
doc=usr/share/doc/outboxd
"$outboxd" init "$tree/outboxd.env" --database /var/lib/outboxd/outbox.db >/dev/null
put "$tree/outboxd.env" "$doc/examples/outboxd.env"
put "$root/README.md" "$doc/README.md"
for page in "$root"/Sources/outboxd/Documentation.docc/*.md; do
    put "$page" "$doc/$(basename "$page")"
done
maintainer='The outboxd authors <maintainers@outboxd.example>'
# One time for all of it: the same source gives the same package.
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct 2>/dev/null || stat -c %Y "$root/Package.swift")
export SOURCE_DATE_EPOCH
date=$(date -R -u -d "@$SOURCE_DATE_EPOCH")
packed "$doc/changelog.gz" <<END
outboxd ($version) unstable; urgency=medium

  * Version $version, built from its source.

 -- $maintainer  $date
END
cat >"$tree/copyright" <<END
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: outboxd

Files: *
Copyright: 2026 the outboxd authors
License: none-stated
 The source states no licence: all rights are its authors'.

Files: usr/bin/outboxd
Copyright: 2026 the outboxd authors
           2014-2026 Apple Inc. and the Swift project authors
License: none-stated and Apache-2.0-with-runtime-library-exception
 Swift's runtime library is part of the program. It is under the Apache License 2.0, which stands in
 /usr/share/common-licenses/Apache-2.0, with the runtime library exception
 (https://www.swift.org/LICENSE.txt).
END
put "$tree/copyright" "$doc/copyright"

# The package itself.
mkdir -p "$tree/root/DEBIAN" "$tree/debian"
cat >"$tree/root/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
if [ "$1" = configure ]; then
    systemd-sysusers outboxd.conf
    systemd-tmpfiles --create outboxd.conf
    if [ -d /run/systemd/system ]; then
        systemctl --system daemon-reload
        # Only where it runs: a service without settings is started by nobody.
        if [ -n "$2" ]; then deb-systemd-invoke try-restart outboxd.service || true; fi
    fi
fi
END
cat >"$tree/root/DEBIAN/prerm" <<'END'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    deb-systemd-invoke stop outboxd.service
fi
END
cat >"$tree/root/DEBIAN/postrm" <<'END'
#!/bin/sh
set -e
# What `systemctl enable` has made.
if [ "$1" != upgrade ]; then
    rm -f /etc/systemd/system/multi-user.target.wants/outboxd.service
fi
if [ -d /run/systemd/system ]; then systemctl --system daemon-reload || true; fi
# The settings and the password go with `purge`; the database stays, it is the API server's, too.
if [ "$1" = purge ]; then rm -rf /etc/outboxd; fi
END
chmod 0755 "$tree"/root/DEBIAN/p*
# The libraries, with the versions whose functions are called.
printf 'Source: outboxd\n\nPackage: outboxd\nArchitecture: any\n' >"$tree/debian/control"
libraries=$(cd "$tree" && dpkg-shlibdeps -O "root/usr/bin/outboxd" | sed -n 's/^shlibs:Depends=//p')
cat >"$tree/root/DEBIAN/control" <<END
Package: outboxd
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: $maintainer
Section: mail
Priority: optional
Installed-Size: $(du -sk --exclude=DEBIAN "$tree/root" | cut -f1)
Depends: $libraries, ca-certificates, tzdata, systemd (>= 250)
Description: tells people by email that somebody replied to them
 outboxd runs beside the API server of a support portal, on the same SQLite
 file. It waits whether a reply is read, and mails what is not through an SMTP
 relay: at least once, in order, and never early.
END
(cd "$tree/root" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum) \
    >"$tree/md5sums"
install -m 0644 "$tree/md5sums" "$tree/root/DEBIAN/md5sums"
package=$directory/outboxd_${version}_$(dpkg --print-architecture).deb
dpkg-deb --root-owner-group -Zxz --build "$tree/root" "$package" >/dev/null
echo "$package"
