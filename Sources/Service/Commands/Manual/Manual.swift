/// What a manual page says beside what the declarations of the commands say.
package struct Manual: Sendable {
    /// A name and what there is to say of it.
    package struct Item: Sendable {
        var name: String
        var text: String

        package init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }

    /// A sentence, and the lines that somebody types.
    package struct Example: Sendable {
        var text: String
        var lines: [String]

        package init(_ text: String, _ lines: String...) {
            self.text = text
            self.lines = lines
        }
    }

    /// Of the release, as 2026-11-28.
    package var date: String
    /// Paragraphs divided by blank lines.
    package var description: String
    /// Variables of the environment that are no settings.
    package var environment: [Item]
    package var files: [Item]
    package var examples: [Example]
    /// With their sections, as `sqlite3(1)`.
    package var seeAlso: [String]

    package init(
        date: String, description: String, environment: [Item], files: [Item],
        examples: [Example], seeAlso: [String]
    ) {
        self.date = date
        self.description = description
        self.environment = environment
        self.files = files
        self.examples = examples
        self.seeAlso = seeAlso
    }
}
