import Foundation
import Testing

/// The page of neighbours names tests: each of them must exist.
struct NeighboursPageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func `every test that the page of neighbours names is there`() throws {
        let page = Self.root.deletingLastPathComponent()
            .appending(path: "Sources/outboxd/Documentation.docc/Neighbours.md")
        let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
        var count = 0
        for line in lines where line.hasPrefix("| ") && line.contains("Tests`: ") {
            let cell = line.dropLast(2).split(separator: "|").last ?? ""
            let parts = cell.split(separator: ": ", maxSplits: 1)
            let file = parts[0].filter { $0.isLetter }
            let source = try Self.source(of: file)
            #expect(source.contains("func `\(parts[1])`"), "\(cell)")
            count += 1
        }
        #expect(count > 25)
    }

    /// Of all suites of that name.
    private static func source(of file: String) throws -> String {
        try ["EndToEndTests", "EngineTests/Engine", "EngineTests/Epoch", "StoreTests/SQLite"]
            .map { root.appending(path: "\($0)/\(file).swift") }
            .filter { FileManager.default.fileExists(atPath: $0.path) }
            .map { try String(contentsOf: $0, encoding: .utf8) }
            .joined()
    }
}
