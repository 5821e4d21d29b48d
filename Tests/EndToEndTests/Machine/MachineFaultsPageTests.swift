import Foundation
import Testing

/// The page of the machine's faults and the tests that it names say the same.
struct MachineFaultsPageTests {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Of each line of the table: the suite and the name of its test.
    private static func named() throws -> [(suite: String, test: String)] {
        let page = tests.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/outboxd/Documentation.docc/MachineFaults.md")
        let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
        let rows = lines.filter { $0.hasPrefix("| ") }
            .map { $0.dropFirst(2).dropLast(2).components(separatedBy: " | ") }
            .filter { $0.count == 6 && $0[0] != "fault" }
        return try rows.map { row in
            let parts = row[5].components(separatedBy: "`: ")
            try #require(parts.count == 2, "\(row[0]), \(row[1]): no test")
            return (String(parts[0].dropFirst()), parts[1])
        }
    }

    @Test func `each line of the table names a test that is there`() throws {
        let named = try Self.named()
        #expect(named.count > 30)
        for (suite, test) in named {
            let places = ["\(suite).swift", "Machine/\(suite).swift"]
                .map { Self.tests.appending(path: $0) }
                .filter { FileManager.default.fileExists(atPath: $0.path) }
            let source = try places.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
            #expect(source.contains("func `\(test)`"), "\(suite): \(test)")
        }
    }

    @Test func `each test of the machine's faults stands in the table`() throws {
        let named = try Self.named()
        let folder = Self.tests.appending(path: "Machine")
        let name = try Regex("func `([^`]+)`")
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where file.hasSuffix("Tests.swift") && !file.hasPrefix("MachineFaultsPage") {
            let source = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            for match in source.matches(of: name) {
                let test = String(match.output[1].substring ?? "")
                let isNamed = named.contains { "\($0.suite).swift" == file && $0.test == test }
                #expect(isNamed, "\(file): \(test)")
            }
        }
    }
}
