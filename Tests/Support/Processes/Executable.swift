import Foundation
import Glibc

/// Programs of the system that tests use.
package enum Executable {
    /// A program that is not installed, and the package that brings it.
    package struct Missing: Error, CustomStringConvertible {
        package let name: String
        package let package: String

        package var description: String {
            "\(name) is not installed: apt-get install --no-install-recommends \(package)"
        }
    }

    /// The path of a program, looked for in `$PATH` and where servers are.
    ///
    /// - Parameter package: the Debian package that brings it.
    /// - Throws: ``Missing``.
    package static func find(_ name: String, package: String) throws -> String {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let places = path.split(separator: ":").map(String.init)
        for place in places + ["/usr/local/sbin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"] {
            let candidate = "\(place)/\(name)"
            if access(candidate, X_OK) == 0 { return candidate }
        }
        throw Missing(name: name, package: package)
    }
}
