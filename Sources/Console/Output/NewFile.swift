internal import Glibc
internal import Service

/// A file that a command writes for a person.
enum NewFile {
    /// Replaces what a regular file holds, or makes one that only its owner can read: it holds what
    /// somebody wrote to a customer.
    ///
    /// - Throws: ``Failure``; a symbolic link, a directory, a device or a pipe is left alone, and a file that does not
    ///   begin as `octets` do: a slip of the pen must not cost a database.
    static func write(_ octets: [UInt8], to path: String) throws {
        let shown = Escaping.printable(FilePath.absolute(path), limit: 4_096)
        // Without blocking: a pipe that nobody reads is refused, not waited for.
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else {
            throw [ELOOP, ENXIO, EISDIR].contains(errno)
                ? notRegular(shown) : failed(shown, errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failed(shown, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw notRegular(shown) }
        guard begins(descriptor, as: octets) else {
            throw Failure("\(shown) holds something else and is left alone; name another", .ioError)
        }
        guard ftruncate(descriptor, 0) == 0 else { throw failed(shown, errno) }
        let code = WholeWrite.write(octets, to: descriptor)
        guard code == 0 else { throw failed(shown, code) }
    }

    /// Whether the file is empty, or its first octets are the same.
    private static func begins(_ descriptor: Int32, as octets: [UInt8]) -> Bool {
        let beginning = octets.prefix(6)
        var found = [UInt8](repeating: 0, count: beginning.count)
        let count = pread(descriptor, &found, found.count, 0)
        return count == 0 || found.prefix(max(0, count)).elementsEqual(beginning)
    }

    /// One that is there stays as it is.
    static func makeDirectory(_ path: String) throws {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        throw failed(Escaping.printable(FilePath.absolute(path), limit: 4_096), errno)
    }

    private static func notRegular(_ path: String) -> Failure {
        Failure("\(path) is no regular file and is left alone; name another", .ioError)
    }

    private static func failed(_ path: String, _ code: Int32) -> Failure {
        Failure("\(path) can't be written: \(SystemError.text(of: code)); name another", .ioError)
    }
}
