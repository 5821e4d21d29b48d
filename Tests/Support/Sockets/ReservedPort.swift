import Glibc

/// A free port on loopback that stays ours for as long as this object lives.
///
/// It is held by a socket that is bound but does not listen: connecting to it is refused, the
/// system gives it to nobody else, and a server that sets `SO_REUSEADDR` (Postfix's do, and
/// ``ScriptedRelay``) can listen on it, stop, and listen again.
package final class ReservedPort: Sendable {
    package let family: Loopback
    package let number: UInt16
    private let descriptor: Int32

    /// - Parameter port: the one that somebody else has in another family; 0 is any.
    package init(_ family: Loopback = .ipv4, port: UInt16 = 0) throws {
        self.family = family
        descriptor = try family.makeSocket()
        do {
            try family.bind(descriptor, port: port)
            number = try family.port(of: descriptor)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Whether somebody accepts connections there.
    package var acceptsConnections: Bool {
        guard let probe = try? RawConnection(port: number, family: family) else { return false }
        probe.close()
        return true
    }
}
