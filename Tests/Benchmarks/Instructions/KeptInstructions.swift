import Foundation

/// The numbers that a change is compared with, kept beside the sources.
enum KeptInstructions {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "instructions.json")

    /// Nil where none are kept.
    static func read() throws -> Instructions? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try JSONDecoder().decode(Instructions.self, from: Data(contentsOf: file))
    }

    static func write(_ instructions: Instructions) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try (encoder.encode(instructions) + Data("\n".utf8)).write(to: file)
    }
}
