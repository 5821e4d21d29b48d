import Foundation
import Glibc
import TestSupport

/// A small file system of its own; nil if mounting is not allowed.
final class SmallDisk {
    let directory: TemporaryDirectory

    init?(kilobytes: Int) throws {
        directory = try TemporaryDirectory()
        let options = "size=\(kilobytes)k,mode=0700"
        guard mount("tmpfs", directory.path, "tmpfs", 0, options) == 0 else { return nil }
    }

    func unmount() { umount2(directory.path, Int32(MNT_DETACH)) }

    private var ballast: String { directory.file("ballast") }

    /// Takes up what is left, but for so much.
    func fill(sparing kilobytes: Int = 0) throws {
        let file = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Unexpected("can't write \(ballast)") }
        defer { close(file) }
        for size in [4_096, 1] {
            let block = [UInt8](repeating: 1, count: size)
            while write(file, block, size) == size {}
        }
        let length = lseek(file, 0, SEEK_END)
        guard ftruncate(file, length - off_t(kilobytes << 10)) == 0 else {
            throw Unexpected("can't shorten \(ballast)")
        }
    }

    /// Gives the room back.
    func makeRoom() throws { try FileManager.default.removeItem(atPath: ballast) }
}
