import Foundation
import TestSupport
import Testing

/// The threat model names tests: each of them must exist.
struct SecurityPageTests {
    @Test func `every test that the threat model names is there`() throws {
        let named = try NamedTest.all(in: Repository.text(ofPage: "Security"))
        for test in named { #expect(try test.isThere(), "\(test)") }
        #expect(named.count > 25)
    }

    /// Each attack of the tables has its test.
    @Test func `every line of the threat model names a test`() throws {
        let page = try Repository.text(ofPage: "Security")
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
        let sources = Repository.root.appending(path: "Sources")
        let all = FileManager.default.enumerator(atPath: sources.path)?.allObjects ?? []
        for case let name as String in all where name.hasSuffix(".swift") {
            let source = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
            let code = source.split(separator: "\n").filter {
                !$0.drop { $0 == " " }.hasPrefix("//")
            }
            for line in code { #expect(!line.contains(calls), "\(name): \(line)") }
        }
        #expect(all.count > 300)
    }
}
