package import Foundation

/// The sources that the tests were built from.
package enum Repository {
    package static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A page of the documentation, such as `Operating`.
    package static func page(_ name: String) -> URL {
        root.appending(path: "Sources/outboxd/Documentation.docc/\(name).md")
    }

    package static func text(ofPage name: String) throws -> String {
        try String(contentsOf: page(name), encoding: .utf8)
    }
}
