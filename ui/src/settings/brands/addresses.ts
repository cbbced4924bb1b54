const BRANDS = "/studio/settings/brands";

export const brandsAt = BRANDS;
export const newBrandAt = `${BRANDS}/new`;
export const brandAt = (key: string) => `${BRANDS}/${key}`;
export const copyAt = (key: string) => `${BRANDS}/new?from=${encodeURIComponent(key)}`;
