import Glibc

/// systemd's journal, as a reader of our stderr.
package enum Journal {
    /// Whether the descriptor is the stream that `JOURNAL_STREAM` names by device and inode
    /// (systemd.exec(5)).
    ///
    /// The variable alone proves nothing: it is inherited where stderr is redirected.
    package static func isConnected(environment: [String: String], descriptor: Int32 = 2) -> Bool {
        guard let parts = environment["JOURNAL_STREAM"]?.split(separator: ":"), parts.count == 2,
            let device = UInt64(parts[0]), let inode = UInt64(parts[1])
        else { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
    }
}
