import Glibc
import Hosts

/// The name of this machine.
package enum HostName {
    /// The node name of uname(2), whatever it looks like.
    package static var current: String {
        var names = utsname()
        guard uname(&names) == 0 else { return "" }
        return withUnsafeBytes(of: names.nodename) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// The name for EHLO where none is set: the host name, if it is a domain name (a single label
    /// is one); else `localhost.localdomain`, as Postfix does, since a relay refuses a malformed
    /// name but seldom looks further.
    package static func greeting(for hostName: String) -> String {
        HostSyntax.isDomainName(hostName) ? hostName : "localhost.localdomain"
    }
}
