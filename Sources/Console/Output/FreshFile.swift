internal import Glibc
internal import Service

/// A file that was not there before.
enum FreshFile {
    /// - Parameters:
    ///   - path: as it was given; errors show it absolute.
    ///   - mode: this user alone reads it, unless it says otherwise; the umask is taken from it.
    ///   - group: reads it, too; nil: nobody else.
    /// - Throws: ``Failure``; code 65 where something has this name. What could be written only in part is
    ///   removed.
    static func write(
        _ octets: [UInt8], to path: String, mode: mode_t = 0o600, group: gid_t? = nil
    ) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        if let group {
            guard fchown(descriptor, uid_t.max, group) == 0, fchmod(descriptor, 0o640) == 0 else {
                let code = errno
                unlink(path)
                throw failure(path, code)
            }
        }
        let code = WholeWrite.write(octets, to: descriptor)
        guard code == 0 else {
            unlink(path)
            throw failure(path, code)
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> Failure {
        let name = Escaping.printable(FilePath.absolute(path), limit: 4_096)
        return code == EEXIST
            ? Failure(
                "\(name) exists already and is left as it is; name another file, or move it away",
                .dataError)
            : Failure(
                "\(name) can't be written: \(SystemError.text(of: code)); name another file, or "
                    + "mend its directory", .ioError)
    }
}
