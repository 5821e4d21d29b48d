import Glibc
import TestSupport
import Testing

@testable import Service

/// What stands where a settings file or a secret should be.
struct BoundedFileTests {
    @Test func `a pipe that somebody writes into is read to its end`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        let writer = try OSThread(name: "writer") { [end = ends[1]] in
            usleep(100_000)
            _ = write(end, "KEY=value\n", 10)
            close(end)
        }
        let bytes = try BoundedFile.read("/dev/fd/\(ends[0])", limit: 64)
        writer.join()
        #expect(String(decoding: bytes, as: UTF8.self) == "KEY=value\n")
    }

    /// Nobody writes into it, ever: whoever reads it must not hang.
    @Test func `a FIFO without a writer is empty at once`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("fifo")
        try #require(mkfifo(path, 0o600) == 0)
        #expect(try BoundedFile.read(path, limit: 64).isEmpty)
    }

    @Test func `a file that is too large, or none, is told`() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("12345", to: "file")
        #expect(try BoundedFile.read(path, limit: 5).count == 5)
        #expect(throws: BoundedFile.Failure.self) { try BoundedFile.read(path, limit: 4) }
        #expect(throws: BoundedFile.Failure.self) {
            try BoundedFile.read(directory.file("none"), limit: 4)
        }
    }
}
