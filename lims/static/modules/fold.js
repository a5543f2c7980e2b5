// Text as it is compared: without accents or đ, in small letters ("Cân đồng hồ" is "can dong ho"); and the words of what is typed.
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d");
export const wordsOf = (text) => fold(text).split(/\s+/).filter(Boolean);
