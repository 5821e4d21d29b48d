import Foundation
import Glibc
import TestSupport
import Testing

@testable import Console

struct MetricsFileTests {
    private static func text(_ name: String, in directory: TemporaryDirectory) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: directory.file(name))), as: UTF8.self)
    }

    private static func names(in directory: TemporaryDirectory) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path)
    }

    private static let page = Array("# HELP outboxd_x One.\n".utf8)

    @Test func `it replaces its own, readable for all, and leaves nothing else behind`() throws {
        let directory = try TemporaryDirectory()
        let before = umask(0o077)
        defer { umask(before) }
        let file = MetricsFile(path: directory.file("outboxd.prom"), database: "/nowhere/outbox.db")
        try file.write(Self.page)
        try file.write(Self.page + Array("outboxd_x 1\n".utf8))
        #expect(
            try Self.text("outboxd.prom", in: directory) == "# HELP outboxd_x One.\noutboxd_x 1\n")
        var status = stat()
        #expect(stat(file.path, &status) == 0 && status.st_mode & 0o777 == 0o644)
        #expect(try Self.names(in: directory) == ["outboxd.prom"])
    }

    @Test func `what a killed process has left is removed, and nothing else`() throws {
        let directory = try TemporaryDirectory()
        let old = [".m.prom.1.new", ".m.prom.77.new"]
        let others = [".m.prom.2.new", ".other.prom.1.new", ".m.prom.1.old", "m.prom.1.new"]
        for name in old + others { try directory.write("half", to: name) }
        for name in old + others.dropFirst() {
            var times = [timespec](
                repeating: timespec(tv_sec: time(nil) - 61, tv_nsec: 0), count: 2)
            #expect(utimensat(AT_FDCWD, directory.file(name), &times, 0) == 0)
        }
        MetricsFile(path: directory.file("m.prom"), database: "/nowhere/outbox.db")
            .removeOldDrafts()
        #expect(try Self.names(in: directory).sorted() == others.sorted())
    }

    @Test func `an empty file may be its place`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("", to: "m.prom")
        try MetricsFile(path: directory.file("m.prom"), database: "/nowhere/outbox.db").write(
            Self.page)
        #expect(try Self.text("m.prom", in: directory) == "# HELP outboxd_x One.\n")
    }

    /// A database, a settings file, a metrics file of another program.
    @Test(arguments: ["SQLite format 3\0", "A=1", "# HELP node_x One.\n"])
    func `what holds something else is left alone`(content: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write(content, to: "precious")
        let error = #expect(throws: MetricsFile.Refusal.self) {
            try MetricsFile(path: directory.file("precious"), database: "/nowhere/outbox.db").write(
                Self.page)
        }
        #expect(error?.description.contains("holds something else than outboxd's metrics") == true)
        #expect(try Self.text("precious", in: directory) == content)
        #expect(try Self.names(in: directory) == ["precious"])
    }

    /// Not even looked into: SQLite in this process would lose its locks on it.
    @Test func `the database is refused under each of its names, and before it is there`() throws {
        let directory = try TemporaryDirectory()
        let database = directory.file("outbox.db")
        for round in 0..<2 {
            for name in ["outbox.db", "outbox.db-wal", "./outbox.db-outboxd-1"] {
                #expect(throws: MetricsFile.Refusal.self, "\(name) \(round)") {
                    try MetricsFile(path: directory.file(name), database: database)
                        .write(Self.page)
                }
            }
            try directory.write("", to: "outbox.db")
        }
        try FileManager.default.createSymbolicLink(
            atPath: directory.file("link.prom"), withDestinationPath: database)
        #expect(link(database, directory.file("hard.prom")) == 0)
        for name in ["link.prom", "hard.prom"] {
            let error = #expect(throws: MetricsFile.Refusal.self) {
                try MetricsFile(path: directory.file(name), database: database).write(Self.page)
            }
            #expect(error?.description.contains("it is the database") == true)
        }
    }

    @Test func `no pipe, no device, no directory, and no directory that is not there`() throws {
        let directory = try TemporaryDirectory()
        mkfifo(directory.file("pipe"), 0o600)
        for path in [directory.file("pipe"), directory.path, "/dev/null"] {
            #expect(throws: MetricsFile.Refusal.self, "\(path)") {
                try MetricsFile(path: path, database: "/nowhere/outbox.db").write(Self.page)
            }
        }
        let error = #expect(throws: MetricsFile.Refusal.self) {
            try MetricsFile(path: directory.file("none/m.prom"), database: "/nowhere/outbox.db")
                .write(Self.page)
        }
        #expect(error?.description.contains("No such file or directory") == true)
    }
}
