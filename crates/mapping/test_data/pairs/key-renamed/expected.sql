-- AlterTable
ALTER TABLE "T" RENAME CONSTRAINT "T_pkey" TO "T key";

-- RenameForeignKey
ALTER TABLE "T" RENAME CONSTRAINT "T_b_fkey" TO "T to T";

-- RenameIndex
ALTER INDEX "T_a_key" RENAME TO "T unique";

-- RenameIndex
ALTER INDEX "T_b_idx" RENAME TO "T index";
