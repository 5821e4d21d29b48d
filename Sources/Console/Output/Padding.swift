extension String {
    /// With spaces to fill `width` columns of a terminal; a longer text stays as it is.
    ///
    /// - Parameter left: the spaces come first, as before numbers.
    func padded(to width: Int, left: Bool = false) -> String {
        let room = String(repeating: " ", count: max(0, width - DisplayWidth.of(self)))
        return left ? room + self : self + room
    }
}
