//! Which kinds of file people may attach: the composer offers them, the edge recognises them by what they hold.

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// A photo.
    Jpeg,
    /// A picture.
    Png,
    /// A picture, still or moving.
    Webp,
    /// A picture, still or moving.
    Gif,
    /// A document as it is printed.
    Pdf,
    /// Plain text.
    Text,
    /// A table as plain text.
    Csv,
    /// A document of Word.
    Docx,
    /// A table of Excel.
    Xlsx,
    /// Slides of PowerPoint.
    Pptx,
    /// An OpenDocument text.
    Odt,
    /// An OpenDocument table.
    Ods,
    /// OpenDocument slides.
    Odp,
    /// Sound.
    Mp3,
    /// Sound.
    Ogg,
    /// Sound.
    Wav,
    /// Sound.
    M4a,
    /// A film.
    Mp4,
}

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 18] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Gif,
        Self::Pdf,
        Self::Text,
        Self::Csv,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Odt,
        Self::Ods,
        Self::Odp,
        Self::Mp3,
        Self::Ogg,
        Self::Wav,
        Self::M4a,
        Self::Mp4,
    ];

    /// The media type that it is served as.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain",
            Self::Csv => "text/csv",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Mp3 => "audio/mpeg",
            Self::Ogg => "audio/ogg",
            Self::Wav => "audio/wav",
            Self::M4a => "audio/mp4",
            Self::Mp4 => "video/mp4",
        }
    }

    /// The endings that its name may have; the first one is put behind a name that has none of them.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg", "jfif"],
            Self::Png => &["png"],
            Self::Webp => &["webp"],
            Self::Gif => &["gif"],
            Self::Pdf => &["pdf"],
            Self::Text => &["txt", "md", "log"],
            Self::Csv => &["csv"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Odp => &["odp"],
            Self::Mp3 => &["mp3"],
            Self::Ogg => &["ogg", "oga", "opus"],
            Self::Wav => &["wav"],
            Self::M4a => &["m4a"],
            Self::Mp4 => &["mp4", "m4v"],
        }
    }

    /// The kind behind a media type of ours.
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == media_type)
    }

    /// Whether a page may show it as a picture.
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp | Self::Gif)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_found_by_its_media_type() {
        for kind in FileKind::ALL {
            assert_eq!(FileKind::from_media_type(kind.media_type()), Some(kind));
            assert!(!kind.endings().is_empty());
        }
        assert_eq!(FileKind::from_media_type("image/svg+xml"), None);
    }
}
