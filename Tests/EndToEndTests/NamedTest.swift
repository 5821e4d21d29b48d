import Foundation
import TestSupport
import Testing

/// A test that a page of the documentation names in a cell of a table: "`ClockTests`: rows keep their hold".
struct NamedTest {
    var suite: String
    var name: String

    /// - Parameter cell: of the table; nil if it names none.
    init?(_ cell: some StringProtocol) {
        let parts = cell.trimmingCharacters(in: .whitespaces).components(separatedBy: "`: ")
        guard parts.count == 2, parts[0].hasPrefix("`") else { return nil }
        (suite, name) = (String(parts[0].dropFirst()), parts[1])
    }

    /// Those of a page's tables: each line that names a suite ends in a test of it.
    static func all(in page: String) throws -> [NamedTest] {
        let names = #/(Tests|StoreConformance\+\w+)`: /#
        return try page.split(separator: "\n")
            .filter { $0.hasPrefix("| ") && $0.contains(names) }
            .map { line in
                try #require(
                    NamedTest(line.dropLast(2).split(separator: "|").last ?? ""), "\(line)")
            }
    }

    /// - Parameter folders: of `Tests`, of which one holds the suite's file; nil: any does.
    func isThere(in folders: [String]? = nil) throws -> Bool {
        let files = Self.files.filter { file in
            file.lastPathComponent == suite + ".swift"
                && folders?.contains(Self.folder(of: file)) ?? true
        }
        return try files.contains { file in
            let source = try String(contentsOf: file, encoding: .utf8)
            return ["func `\(name)`", "func \(name)(", "StoreConformance(\"\(name)\")"].contains {
                source.contains($0)
            }
        }
    }

    private static let tests = Repository.root.appending(path: "Tests")
    private static let files: [URL] = {
        let all = FileManager.default.enumerator(atPath: tests.path)?.allObjects ?? []
        return all.compactMap { $0 as? String }.map { tests.appending(path: $0) }
    }()

    private static func folder(of file: URL) -> String {
        String(file.deletingLastPathComponent().path.dropFirst(tests.path.count + 1))
    }
}
