import Foundation
import Testing

/// The page on how it works names types and functions: each of them must exist.
struct HowItWorksPageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test func `every type and function that the page names is there`() throws {
        let page = Self.root.appending(path: "Sources/outboxd/Documentation.docc/HowItWorks.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let (types, functions) = try Self.declarations()
        let code = try Regex("`([A-Z][A-Za-z]+)(\\.([a-z][A-Za-z]*)[^`]*)?`")
        var count = 0
        for match in text.matches(of: code) {
            let type = String(match.output[1].substring ?? "")
            #expect(types.contains(type), "\(type)")
            if let member = match.output[3].substring.map(String.init), member != "init" {
                #expect(functions.contains(member), "\(type).\(member)")
            }
            count += 1
        }
        #expect(count > 50)
    }

    /// The names that follow `struct` and its like, and `func`, anywhere in the sources.
    private static func declarations() throws -> (types: Set<String>, functions: Set<String>) {
        let files = FileManager.default.enumerator(
            at: root.appending(path: "Sources"), includingPropertiesForKeys: nil)
        var (types, functions): (Set<String>, Set<String>) = ([], [])
        for file in files?.compactMap({ $0 as? URL }) ?? [] where file.pathExtension == "swift" {
            let words = [UInt8](try Data(contentsOf: file)).split {
                !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
            }
            .map { String(decoding: $0, as: UTF8.self) }
            for (word, next) in zip(words, words.dropFirst()) {
                switch word {
                case "struct", "class", "enum", "protocol": types.insert(next)
                case "func": functions.insert(next)
                default: break
                }
            }
        }
        return (types, functions)
    }
}
