import Foundation
import Testing

/// The threat model names tests: each of them must exist.
struct SecurityPageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Of all files below a directory, by their names without the ending.
    private static func sources(of directory: String) throws -> [String: String] {
        let place = root.appending(path: directory)
        let all = FileManager.default.enumerator(atPath: place.path)?.allObjects ?? []
        return try Dictionary(
            all.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map { path in
                let file = place.appending(path: path)
                let name = file.deletingPathExtension().lastPathComponent
                return (name, try String(contentsOf: file, encoding: .utf8))
            }, uniquingKeysWith: +)
    }

    @Test func `every test that the threat model names is there`() throws {
        let page = try String(
            contentsOf: Self.root.appending(
                path: "Sources/outboxd/Documentation.docc/Security.md"), encoding: .utf8)
        let tests = try Self.sources(of: "Tests")
        var count = 0
        for line in page.split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3, cells[2] != "test", !cells[2].hasPrefix("-"),
                cells[0] != "who", !cells[2].isEmpty, line.contains("Tests`: ")
            else { continue }
            let parts = cells[2].split(separator: ": ", maxSplits: 1)
            let suite = parts[0].filter { $0.isLetter }
            let source = tests[suite] ?? ""
            #expect(
                source.contains("func `\(parts[1])`") || source.contains("func \(parts[1])("),
                "\(cells[2])")
            count += 1
        }
        #expect(count > 25)
    }

    /// Each attack of the tables has its test.
    @Test func `every line of the threat model names a test`() throws {
        let page = try String(
            contentsOf: Self.root.appending(
                path: "Sources/outboxd/Documentation.docc/Security.md"), encoding: .utf8)
        let parts = page.components(separatedBy: "## A customer or a visitor")
        let attacks = parts[1].components(separatedBy: "## What it does not protect")[0]
        let lines = attacks.split(separator: "\n").filter { $0.hasPrefix("| ") }
        for line in lines where !line.hasPrefix("| tries to |") {
            #expect(line.contains("Tests`: "), "\(line)")
        }
        #expect(lines.count > 25)
    }

    @Test func `no source starts a program`() throws {
        let calls = try Regex(
            #"\bProcess\(\)|\bposix_spawn|\bexec[lv]p?e?\(|\bsystem\("|\bpopen\(|\bv?fork\("#)
        for (name, source) in try Self.sources(of: "Sources") {
            let code = source.split(separator: "\n").filter {
                !$0.drop { $0 == " " }.hasPrefix("//")
            }
            for line in code { #expect(!line.contains(calls), "\(name): \(line)") }
        }
    }
}
