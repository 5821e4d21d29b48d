import Foundation
import TestSupport
import Testing

/// The pages for those who work on outboxd name types, functions and files: each of them must exist.
struct HowItWorksPageTests {
    @Test func `every file that the maintainers' page names is there`() throws {
        let file = try Regex("`((?:Sources|Tests|[A-Z][A-Za-z]+)/[A-Za-z/+]+(?:\\.swift)?)`")
        var count = 0
        for match in try Repository.text(ofPage: "Maintaining").matches(of: file) {
            let path = String(match.output[1].substring ?? "")
            let found = ["", "Sources/"].contains {
                FileManager.default.fileExists(
                    atPath: Repository.root.appending(path: $0 + path).path)
            }
            #expect(found, "\(path)")
            count += 1
        }
        #expect(count > 15)
    }

    /// Comments cite pages of the documentation, by their headings.
    @Test func `every page and heading that a comment cites is there`() throws {
        let citation = try Regex(#"([A-Z][A-Za-z]+)\.md((?:,\s*"[^"]+")*)"#)
        let all = FileManager.default.enumerator(
            at: Repository.root.appending(path: "Sources"), includingPropertiesForKeys: nil)
        var count = 0
        for case let file as URL in all ?? .init() where file.pathExtension == "swift" {
            // A citation may go on in the next line of the comment.
            let text = try String(contentsOf: file, encoding: .utf8)
                .replacing(try Regex(#"\n\s*/// ?"#), with: " ")
            #expect(!text.contains("contract, section"), "\(file.lastPathComponent)")
            for match in text.matches(of: citation) {
                let page = try Repository.text(ofPage: String(match.output[1].substring ?? ""))
                let headings = (match.output[2].substring ?? "").split(separator: "\"")
                    .map(String.init).filter { $0.contains(where: \.isLetter) }
                for heading in headings {
                    let isThere = page.contains("# \(heading)\n")
                    #expect(isThere, "\(file.lastPathComponent): \(heading)")
                }
                count += 1
            }
        }
        #expect(count > 30)
    }

    @Test(arguments: [("HowItWorks", 50), ("Maintaining", 10), ("Crashes", 3)])
    func `every type and function that the page names is there`(page: String, least: Int) throws {
        let text = try Repository.text(ofPage: page)
        let (types, functions) = try Self.declarations()
        let code = try Regex("`([A-Z][A-Za-z]+)(\\.([a-z][A-Za-z]*)[^`]*)?`")
        var count = 0
        for match in text.matches(of: code) {
            let type = String(match.output[1].substring ?? "")
            let isKnown = types.contains(type)
            #expect(isKnown, "\(type)")
            if let member = match.output[3].substring.map(String.init), member != "init" {
                let isKnown = functions.contains(member)
                #expect(isKnown, "\(type).\(member)")
            }
            count += 1
        }
        #expect(count > least)
    }

    /// The names that follow `struct` and its like, and those of functions, properties and cases, anywhere in sources and tests.
    private static func declarations() throws -> (types: Set<String>, functions: Set<String>) {
        let files = ["Sources", "Tests"].flatMap { folder in
            let all = FileManager.default.enumerator(
                at: Repository.root.appending(path: folder), includingPropertiesForKeys: nil)
            return all?.compactMap { $0 as? URL } ?? []
        }
        // A module is named as its folder is.
        var types = Set(files.filter(\.hasDirectoryPath).map(\.lastPathComponent))
        var functions: Set<String> = []
        for file in files where file.pathExtension == "swift" {
            let words = [UInt8](try Data(contentsOf: file)).split {
                !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
            }
            .map { String(decoding: $0, as: UTF8.self) }
            for (word, next) in zip(words, words.dropFirst()) {
                switch word {
                case "struct", "class", "enum", "protocol": types.insert(next)
                case "func", "let", "var", "case": functions.insert(next)
                default: break
                }
            }
        }
        return (types, functions)
    }
}
