-- RenameIndex
ALTER INDEX "product_name_price" RENAME TO "product_by_name_and_price";
