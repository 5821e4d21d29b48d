package import Delivery

/// A secret that lies somewhere and is read anew each time it is needed.
///
/// Two of the same name are the same one.
package struct SecretSource: Sendable {
    /// Why there is none: the end of the sentence that begins with the name.
    package struct Failure: Error, Hashable, Sendable {
        package var text: String

        package init(text: String) {
            self.text = text
        }
    }

    /// A file's path.
    package let name: String
    let read: @Sendable () throws(Failure) -> Secret

    package init(name: String, read: @escaping @Sendable () throws(Failure) -> Secret) {
        self.name = name
        self.read = read
    }
}

extension SecretSource: Hashable {
    package static func == (one: SecretSource, other: SecretSource) -> Bool {
        one.name == other.name
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
