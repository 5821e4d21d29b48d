import Foundation

extension String {
    /// How often the text stands in it.
    func count(of text: String) -> Int { components(separatedBy: text).count - 1 }
}
