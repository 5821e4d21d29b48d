import Foundation
import Service
import TestSupport
import Testing

@testable import Console

/// "Network file system: one line at start that names the absolute path; exit 78".
struct NetworkFileSystemTests {
    private static func place(on kind: String, _ path: String = "/tmp/outbox.db") -> DatabasePlace {
        DatabasePlace(path: path) { _ in FileSystem(kind: kind, mountPoint: "/mnt/share") }
    }

    @Test(arguments: ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs"])
    func `a network file system ends it`(kind: String) throws {
        let failure = #expect(throws: Failure.self) { try Self.place(on: kind).check() }
        #expect(failure?.code == .config)
        #expect(
            failure?.lines == [
                "the database /tmp/outbox.db can't be used: /mnt/share is a network file system "
                    + "(\(kind)), on which SQLite's locks do not hold; move the database to a local disk, "
                    + "and set OUTBOXD_DATABASE"
            ])
    }

    @Test(arguments: ["virtiofs", "9p", "fuse.mergerfs"])
    func `what may be shared with another kernel is a warning`(kind: String) throws {
        let place = Self.place(on: kind)
        try place.check()
        #expect(
            place.warning?.hasPrefix("the database /tmp/outbox.db: /mnt/share is \(kind): ") == true
        )
        #expect(Self.place(on: "ext4").warning == nil)
    }

    /// Where the file is a link, its own place counts; where nothing is yet, the nearest directory.
    @Test func `it is asked of the place where the file is`() throws {
        let directory = try TemporaryDirectory()
        let real = try directory.makeDirectory("real")
        try directory.write("", to: "real/outbox.db")
        try FileManager.default.createSymbolicLink(
            atPath: directory.file("link.db"), withDestinationPath: "\(real)/outbox.db")
        for (path, asked) in [
            ("link.db", "real"), ("real/outbox.db", "real"), ("real/no/where.db", "real"),
        ] {
            let place = DatabasePlace(path: directory.file(path)) { place in
                FileSystem(
                    kind: place == FilePath.resolved(directory.file(asked)) ? "nfs" : "ext4",
                    mountPoint: "/")
            }
            #expect(throws: Failure.self, "\(path)") { try place.check() }
        }
    }
}
