import Glibc

/// A name that a file was just given.
package enum NameOnDisk {
    /// Until its directory is on the disk a power failure may take the name away, whatever became of the file's
    /// octets (fsync(2), "NOTES").
    package static func sync(_ path: String) throws(SystemError) {
        let directory = FilePath.directory(of: path)
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(call: "open \(directory)", code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw SystemError(call: "fsync \(directory)", code: errno)
        }
    }
}
