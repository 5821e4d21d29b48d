import Foundation
import TestSupport
import Testing

/// The page of the machine's faults and the tests that it names say the same.
struct MachineFaultsPageTests {
    /// Of each line of the table.
    private static func named() throws -> [NamedTest] {
        let lines = try Repository.text(ofPage: "MachineFaults").split(separator: "\n")
        let rows = lines.filter { $0.hasPrefix("| ") }
            .map { $0.dropFirst(2).dropLast(2).components(separatedBy: " | ") }
            .filter { $0.count == 6 && $0[0] != "fault" }
        return try rows.map { row in
            try #require(NamedTest(row[5]), "\(row[0]), \(row[1]): no test")
        }
    }

    @Test func `each line of the table names a test that is there`() throws {
        let named = try Self.named()
        #expect(named.count > 30)
        for test in named {
            #expect(try test.isThere(in: ["EndToEndTests", "EndToEndTests/Machine"]), "\(test)")
        }
    }

    @Test func `each test of the machine's faults stands in the table`() throws {
        let named = try Self.named()
        let folder = Repository.root.appending(path: "Tests/EndToEndTests/Machine")
        let name = try Regex("func `([^`]+)`")
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where file.hasSuffix("Tests.swift") && !file.hasPrefix("MachineFaultsPage") {
            let source = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            for match in source.matches(of: name) {
                let test = String(match.output[1].substring ?? "")
                let isNamed = named.contains { "\($0.suite).swift" == file && $0.name == test }
                #expect(isNamed, "\(file): \(test)")
            }
        }
    }
}
